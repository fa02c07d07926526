"""What every folder of the store stands on: the open store, its engine, shapes of rows."""
