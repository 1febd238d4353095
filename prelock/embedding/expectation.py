"""A Great Expectations expectation: a Checkpoint that holds it succeeds only where the gate of a study is open.

It needs the extra `expectations`. Importing this module registers it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from prelock.app import Data, load
from prelock.errors import CallError
from prelock.schemas.libraries import beside_pyspark

with beside_pyspark():
    from great_expectations.execution_engine import ExecutionEngine, PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation


class ExpectPrelockGateToBeOpen(BatchExpectation):
    """The gate of `study` is open for the tables in `data`, or for the batch itself as the table `batch_is`.

    One of `data` (a folder or a database URL) and `batch_is` is given; the batch is looked at only for the latter. With
    `locking` the gate is that of a lock, which is stricter: nothing unchecked passes it. Of the data the result holds
    counts alone. A study or data that can't be read raises, as anything does that keeps an expectation from being run.

    A suite and its Data Docs show what an expectation was given, so a URL with a password is refused (CallError).
    """

    study: str
    data: str | None = None
    batch_is: str | None = None
    locking: bool = True
    description: str | None = "The gate of the study is open"

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.row_count",)
    success_keys: ClassVar[tuple[str, ...]] = ("study", "data", "batch_is", "locking")
    args_keys: ClassVar[tuple[str, ...]] = ("study", "data", "batch_is", "locking")

    def __init__(self, **given: Any) -> None:
        data = given.get("data")
        if isinstance(data, str) and "://" in data and _has_password(data):
            raise CallError("An expectation is written down where many read it: put the password in PGPASSWORD.")
        super().__init__(**given)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        with load(self.study).check(self._tables(execution_engine)) as run:
            answer = run.lock()
            blockers = [{"rule": blocker.rule, "text": blocker.text} for blocker in answer.blockers]
            if not self.locking:
                blockers = run.summary["gate"]["blockers"]
            ready = answer.ready if self.locking else run.exit_code == 0
            observed = "open" if ready else "closed"
            details = {"blockers": blockers, "unreadable": list(run.notices)}
            return {"success": ready and not run.notices, "result": {"observed_value": observed, "details": details}}

    def _tables(self, engine: ExecutionEngine[Any] | None) -> Data:
        if (self.data is None) == (self.batch_is is None):
            raise CallError(
                "Give `data`, a folder or a database URL, or `batch_is`, the name of the batch's own table."
            )
        if self.data is not None:
            return self.data
        if not isinstance(engine, PandasExecutionEngine):
            raise CallError("Only a batch of pandas can stand for a table; give `data`.")
        return {str(self.batch_is): engine.get_domain_records(domain_kwargs={})}


def _has_password(url: str) -> bool:
    """Whether a URL holds a password, or might: one that can't be taken apart."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        return "password" in conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return True
