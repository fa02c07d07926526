"""Files into the city: grids, reports and workers, looked through, mended on request, taken
whole or not at all.
"""
