from gridmap.errors import Fault, InputError


def test_a_fault_names_file_row_field_value_and_cure():
    fault = Fault(
        rule="not a number",
        cure="Give degrees.",
        row=7,
        field="lon",
        value="abc",
        file="june.csv",
    )
    assert str(fault) == "june.csv, row 7, field lon: not a number 'abc'. Give degrees."


def test_an_input_error_carries_every_fault():
    faults = [Fault(rule="bad", cure="Mend it.", row=row) for row in range(1, 51)]
    assert InputError(faults).faults == tuple(faults)
