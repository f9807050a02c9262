"""Alarm conditions of ISA-18.2: their definitions, states, evaluation and journal."""
