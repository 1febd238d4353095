"""recorded, missing, not applicable: why there is no value."""

from spec_format import Spec

STATES = """
    | patient        | a  |
    | value          | 5  |
    | blank          |    |
    | not done       | ND |
    | not known      | NK |
    | refused        | RF |
    | unreadable     | 5? |
    | not applicable | NA |
"""

SPECS = [
    Spec(
        "`is recorded`: unknown for what can't be read",
        rule="a is recorded",
        tables={"patients": STATES},
        expect={
            "value": True,
            "blank": False,
            "not done": False,
            "not known": False,
            "refused": False,
            "unreadable": None,
            "not applicable": False,
        },
    ),
    Spec(
        "`is missing` is its opposite, but not applicable is not missing",
        rule="a is missing",
        tables={"patients": STATES},
        expect={
            "value": False,
            "blank": True,
            "not done": True,
            "not known": True,
            "refused": True,
            "unreadable": None,
            "not applicable": False,
        },
    ),
    Spec(
        "`is not missing` turns it round",
        rule="a is not missing",
        tables={"patients": STATES},
        expect={
            "value": True,
            "blank": False,
            "not done": False,
            "not known": False,
            "refused": False,
            "unreadable": None,
            "not applicable": True,
        },
    ),
    Spec(
        "a column that is not expected and blank is not applicable",
        rule="a is missing or a > 3",
        study="{tables: {patients: {columns: {a: {type: number, expected if: flag is yes}}}}}",
        tables={
            "patients": """
                | patient         | flag | a |
                | expected        | yes  |   |
                | not expected    | no   |   |
                | nobody knows    |      |   |
                | there though    | no   | 4 |
            """
        },
        expect={"expected": True, "not expected": False, "nobody knows": None, "there though": True},
    ),
    Spec(
        "a blank means what its column says",
        rule="flag is no and until >= 2100-01-01",
        study="{tables: {patients: {columns: {flag: {type: yes/no, blank means: 'no'}}}}}",
        tables={
            "patients": """
            | patient | flag | until      |
            | blank   |      |            |
            | yes     | yes  |            |
            | ended   |      | 2024-01-01 |
        """
        },
        expect={"blank": True, "yes": False, "ended": False},
    ),
    Spec(
        "a truth is recorded unless it is unknown",
        rule="(a > 3) is recorded",
        tables={"patients": STATES},
        expect={
            "value": True,
            "blank": None,
            "not done": None,
            "not known": None,
            "refused": None,
            "unreadable": None,
            "not applicable": True,
        },
    ),
    Spec(
        "a condition reads a cell as its own conditions leave it, in whatever order the columns are declared",
        study="""
          tables:
            drugs:
              columns:
                given: {type: date, expected if: dose is missing}
                dose: {type: number, valid if: times >= 1}
        """,
        rule="number of drugs where (given is missing)",
        tables={
            "drugs": """
                | patient | given | dose | times |
                | told    |       | 5    | 1     |
                | blank   |       |      | 1     |
                | open    |       | 5    |       |
            """
        },
        expect={"told": "0", "blank": "1", "open": "0 to 1"},
    ),
]
