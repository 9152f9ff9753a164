"""Unattended booths: visits, the attract loop, the watchdog, the operator's panel."""
