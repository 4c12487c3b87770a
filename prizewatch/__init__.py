"""Prizewatch 兑奖观察: the register of prize draws whose winners were not paid."""

__version__ = "0.1.0"
