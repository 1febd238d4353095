"""An Airflow DAG (Airflow 3) in which nothing runs on data whose gate is closed.

`prelock check` ends with 0 only where the gate is open. Any other code fails its task, so that what depends on it is
not run. Set the four paths; prelock may live in an environment of its own.
"""

import os
from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PATHS = {
    "PRELOCK": os.environ.get("PRELOCK", "prelock"),
    "STUDY": os.environ.get("PRELOCK_STUDY", "/srv/trial/study"),
    "DATA": os.environ.get("PRELOCK_DATA", "/srv/trial/export"),
    "OUT": os.environ.get("PRELOCK_OUT", "/srv/trial/results"),
}

with DAG("hold_the_gate", schedule=None, catchup=False, dagrun_timeout=timedelta(hours=2)) as dag:
    rules = BashOperator(
        task_id="check_the_rules",
        bash_command='"$PRELOCK" lint "$STUDY"',
        env=PATHS,
        append_env=True,
        skip_on_exit_code=None,
    )
    data = BashOperator(
        task_id="check_the_data",
        bash_command='"$PRELOCK" check "$STUDY" --data "$DATA" --out "$OUT" --format junit',
        env=PATHS,
        append_env=True,
        skip_on_exit_code=None,
    )
    analysis = BashOperator(task_id="analyse", bash_command='ls "$OUT"/outcomes.csv', env=PATHS, append_env=True)
    rules >> data >> analysis
