"""Rooms of centres, townships and villages: windows and their rota, mediation, tasks going
down, village work.
"""
