"""People of the desk for tests."""

from prizewatch.access import Actor

ANNA, BO = Actor("anna", "moderator"), Actor("bo", "admin")
