#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several processes cluster as one does, and fail as one (TAP).

Called with tithe-cli and with whether it was built with MPI ("true" or "false").
"""
import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

if os.environ.get("TITHE_RUNNER"):
    print("1..0 # SKIP mpirun starts the program by its name, which an emulator does not")
    sys.exit(0)
cli, built = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2] == "true"
LAUNCHED = ("OMPI_", "PMI_", "PMIX_", "SLURM_")
# As options they would be Open MPI's alone. Its leaks are none of ours.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(LAUNCHED)},
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    "ASAN_OPTIONS": "detect_leaks=0",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
}
# What rank 1 alone is told otherwise: its process keeps the number that is written down.
ON_RANK_1 = """
if [ "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" = 1 ]; then echo $$ >pid; exec "$CLI" "$@" %s; fi
exec "$CLI" "$@"
"""


class Skip(Exception):
    pass


def run(*words, **more):
    environment = {**ENVIRONMENT, "CLI": str(cli), **more}
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, env=environment, timeout=300)


def need_mpi():
    if not built:
        raise Skip("built without MPI (package libopenmpi-dev)")
    if not shutil.which("mpirun"):
        raise Skip("there is no mpirun (package openmpi-bin)")


def cluster(*options):
    return [cli, "cluster", "images", "--embeddings", "features.npy", "--threads", "1", *options]


def well(done):
    assert done.returncode == 0, f"{done.args} ended with {done.returncode}: {done.stderr}"
    return done.stdout


def said(done):
    """The lines that are Tithe's, not mpirun's."""
    return [line for line in done.stderr.splitlines() if line.startswith("tithe-cli: ")]


def no_session():
    """Nor half of one."""
    left = sorted(path.name for path in pathlib.Path().iterdir() if ".tithe" in path.name and not path.name.startswith("whole"))
    assert not left, f"there is {left}"


def tables(session):
    """All rows of all tables."""
    with contextlib.closing(sqlite3.connect(session)) as database:
        names = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}


def test_ranks_make_what_one_process_makes():
    need_mpi()
    for name, options in {"complete": [], "average": ["--linkage", "average"],
                          "floor": ["--engine", "sparse", "--floor", "0.6"]}.items():
        whole = f"whole-{name}.tithe"
        well(run(*cluster(*options, "-o", whole)))
        for ranks in (1, 2, 3):
            well(run("mpirun", "-n", ranks, *cluster(*options, "-o", "ranks.tithe")))
            assert tables("ranks.tithe") == tables(whole), f"{name}: {ranks} ranks write other tables"
            for ratio in ("0.95", "0.8", "0.65"):
                wanted, found = (well(run(cli, "subset", session, "--ratio", ratio, "--format", "csv", "-o", "-"))
                                 for session in (whole, "ranks.tithe"))
                assert found == wanted and wanted, f"{name}: {ranks} ranks keep others at {ratio}"
            os.remove("ranks.tithe")


def test_more_ranks_than_classes():
    need_mpi()
    well(run(*cluster("-o", "whole-more.tithe")))
    well(run("mpirun", "-n", "5", *cluster("-o", "ranks.tithe")))
    assert tables("ranks.tithe") == tables("whole-more.tithe")
    os.remove("ranks.tithe")


def test_rank_that_cannot_read_is_named_once():
    need_mpi()
    done = run("mpirun", "-n", "3", "sh", "-c", ON_RANK_1 % "--embeddings nowhere.npy", "sh", *cluster("-o", "ranks.tithe")[1:])
    assert done.returncode != 0
    lines = said(done)
    assert len(lines) == 1 and "rank 1 on “" in lines[0] and "“nowhere.npy”" in lines[0], lines
    no_session()


def test_rank_that_reads_others_is_named_once():
    need_mpi()
    features = bytearray(pathlib.Path("features.npy").read_bytes())
    features[-2] ^= 1
    pathlib.Path("others.npy").write_bytes(features)
    done = run("mpirun", "-n", "3", "sh", "-c", ON_RANK_1 % "--embeddings others.npy", "sh", *cluster("-o", "ranks.tithe")[1:])
    assert done.returncode != 0
    lines = said(done)
    assert len(lines) == 1 and "not those that rank 0 reads" in lines[0], lines
    no_session()


def test_what_all_find_is_said_once():
    need_mpi()
    pathlib.Path("whole-there.tithe").touch()
    for words, status in (([*cluster("-o", "whole-there.tithe")], 1), ([cli, "cluster", "images"], 2),
                          ([*cluster("--max-memory", "1K", "-o", "ranks.tithe")], 1)):
        done = run("mpirun", "-n", "3", *words)
        assert done.returncode == status and len(said(done)) == 1, (words, done.returncode, done.stderr)
    no_session()


@contextlib.contextmanager
def rank_that_waits():
    """mpirun, where rank 1 waits for a list of paths that nobody writes, and the number of that process."""
    with contextlib.suppress(FileNotFoundError):
        os.remove("pid")
    if not os.path.exists("fifo"):
        os.mkfifo("fifo")
    mpirun = subprocess.Popen(["mpirun", "-n", "3", "sh", "-c", ON_RANK_1 % "--paths fifo", "sh",
                               *map(str, cluster("-o", "ranks.tithe")[1:])], env={**ENVIRONMENT, "CLI": str(cli)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        while not (os.path.exists("pid") and pathlib.Path("pid").read_text().strip()):
            assert mpirun.poll() is None, f"rank 1 does not start: {mpirun.stdout.read()}"
            time.sleep(0.05)
        time.sleep(2)
        assert mpirun.poll() is None, "nobody waits for rank 1"
        yield mpirun, int(pathlib.Path("pid").read_text())
    finally:
        mpirun.kill()
        mpirun.communicate()


def test_killed_rank_ends_the_run():
    need_mpi()
    with rank_that_waits() as (mpirun, rank_1):
        os.kill(rank_1, signal.SIGKILL)
        mpirun.wait(timeout=60)
        assert mpirun.returncode != 0
    no_session()


def test_interrupt_ends_the_run():
    need_mpi()
    with rank_that_waits() as (mpirun, _):
        mpirun.send_signal(signal.SIGINT)
        # Open MPI's mpirun soon kills who does not end. MPICH's leaves it to each, and this one has to come to look.
        time.sleep(1)
        with contextlib.suppress(OSError):
            os.close(os.open("fifo", os.O_WRONLY | os.O_NONBLOCK))
        mpirun.wait(timeout=60)
        assert mpirun.returncode != 0
    no_session()


def test_other_commands_are_refused():
    for size, rank in (("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK"),
                       ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID")):
        for number in "01":
            done = run(cli, "info", "images", **{size: "2", rank: number})
            wanted = ["tithe-cli: “info” is not shared out among processes: start it without mpirun"] if number == "0" else []
            assert done.returncode == 1 and not done.stdout and said(done) == wanted, done
        assert run(cli, "info", "images", "--no-check", **{size: "1", rank: "0"}).returncode == 0


def test_ranks_that_find_no_others_are_refused():
    """As with no MPI in the build, or another one's mpirun."""
    if built:
        need_mpi()
        words = ["mpirun", "-n", "1", "sh", "-c", 'OMPI_COMM_WORLD_SIZE=2 exec "$@"', "sh", *cluster("-o", "ranks.tithe")]
        wanted = "do not find each other"
    else:
        words, wanted = ["env", "PMI_SIZE=2", "PMI_RANK=0", *cluster("-o", "ranks.tithe")], "without MPI"
    done = run(*words)
    assert done.returncode != 0 and len(said(done)) == 1 and wanted in said(done)[0], done
    no_session()


def main():
    tests = [(name[5:].replace("_", "-"), test) for name, test in globals().items() if name.startswith("test_")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        well(run(cli, "demo", "images", "--images", "200", "--classes", "4"))
        well(run(cli, "embed", "images", "--method", "quick", "-o", "features.npy"))
        print(f"1..{len(tests)}")
        for number, (name, test) in enumerate(tests, 1):
            try:
                test()
                print(f"ok {number} {name}")
            except Skip as reason:
                print(f"ok {number} {name} # SKIP {reason}")
            except Exception as error:  # noqa: BLE001
                failed += 1
                text = f"{type(error).__name__}: {error}".replace("\n", "\n# ")
                print(f"not ok {number} {name}\n# {text}")
        os.chdir("/")
    return failed > 0


sys.exit(main())
