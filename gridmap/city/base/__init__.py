"""What every room stands on: the desk, its data, its clock and limits, the plan counted
under, rights, files.
"""
