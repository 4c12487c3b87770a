"""Repeat organizers: how many draws are vouched for by different people."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching


def matching_size(edges: Iterable[tuple[object, object]]) -> int:
    """Size of the maximum matching of draws to reporters (S7): one person cannot supply two draws, nor one draw two.

    `edges` are (draw, reporter) pairs; repeated pairs count once.
    """
    pairs = set(edges)
    if not pairs:
        return 0
    rows = {name: i for i, name in enumerate({draw for draw, _ in pairs})}
    columns = {name: i for i, name in enumerate({reporter for _, reporter in pairs})}
    i = np.fromiter((rows[draw] for draw, _ in pairs), dtype=np.int32, count=len(pairs))
    j = np.fromiter((columns[reporter] for _, reporter in pairs), dtype=np.int32, count=len(pairs))
    graph = csr_array((np.ones(len(pairs), dtype=np.int8), (i, j)), shape=(len(rows), len(columns)))
    return int(np.count_nonzero(maximum_bipartite_matching(graph, perm_type="column") >= 0))
