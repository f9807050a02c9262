"""How an alarm system performs: the figures of IEC 62682, ISA-18.2 and EEMUA 191, out of the alarm journal."""
