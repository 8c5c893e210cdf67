"""The peer table: the same bytes through our kernels and their peers, in one sitting, one thread each.

A row is one file rows/<name>.py, with C++ programs beside it where it needs any (harness.hpp). It states

    TITLE   what is done, in a few words
    CASES   list of Case
    data    data(parameters, put): calls put(name, matrix) for each input
    OURS    cpp("<program>")
    PEERS   {"name": cpp("<program>"), script(...) or python(function)}; function(inputs, parameters) returns
            {name: matrix}
    agree   agree(ours, peer, parameters) -> Agreement; both are {name: matrix}

Nothing else has to change for a new row.
"""
import argparse
import dataclasses
import datetime
import importlib.util
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time
from typing import Any, Callable

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HOME = pathlib.Path(os.environ["BASKET_PEERS_HOME"]).resolve()
DEB = HOME / "deb"
sys.modules["peers"] = sys.modules[__name__]  # rows import this file by its name


@dataclasses.dataclass
class Case:
    label: str
    parameters: dict
    aim: float  # how many times as fast as the best peer
    long: bool = False
    skip: tuple = ()  # peers that take too long at this size


@dataclasses.dataclass
class Agreement:
    worst: float
    bound: float
    what: str = "worst difference"

    @property
    def holds(self):
        return self.worst <= self.bound


@dataclasses.dataclass
class cpp:
    program: str


@dataclasses.dataclass
class python:
    function: Callable[[dict, dict], dict]
    ready: Callable[[dict, dict], Any] | None = None  # not timed; its result replaces the inputs


@dataclasses.dataclass
class script:
    """A Python file beside this one, run as a program in an environment of its own that `setup` has made."""
    file: str
    argument: str
    environment: str


def gap(a, b):
    """The worst difference of two arrays, relative to 1 or to their size; infinite where one lacks a value."""
    import numpy as np
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
        return float("inf")
    some = ~np.isnan(a)
    if not some.any():
        return 0.0
    return float(np.max(np.abs(a[some] - b[some]) / np.maximum(1.0, np.abs(b[some]))))


# ---- C++ programs ---------------------------------------------------------------------------------------------------
FLAGS = ["-std=c++20", "-O3", "-march=native", "-DNDEBUG", "-w"]


def compiled(source, compiler):
    """The program of a source file, or the reason why there is none. A first line '// needs: armadillo' asks for it."""
    if not source.exists():
        return None, f"{source.name} does not exist"
    first = source.read_text().split("\n", 1)[0]
    flags = ["-I", str(HERE), "-I", str(ROOT / "include"), "-isystem", eigen_folder()]
    link = []
    if "armadillo" in first:
        if not (DEB / "unpacked").exists():
            return None, "Armadillo was not set up"
        library = DEB / "usr/lib/x86_64-linux-gnu"
        flags += ["-isystem", str(DEB / "usr/include"), "-DARMA_DONT_USE_WRAPPER", "-DARMA_NO_DEBUG", "-DARMA_DONT_USE_HDF5"]
        link = [str(library / "openblas-serial/libopenblas.so.0"), f"-Wl,-rpath,{library}/openblas-serial:{library}",
                f"-Wl,-rpath-link,{library}"]
    program = HOME / "programs" / source.stem
    program.parent.mkdir(exist_ok=True)
    done = subprocess.run([compiler, *FLAGS, *flags, str(source), "-o", str(program), *link], capture_output=True, text=True)
    if done.returncode != 0:
        return None, "does not compile: " + (done.stderr.split("error:", 1)[-1].strip().split("\n")[0])
    return program, ""


def eigen_folder():
    for folder in (os.environ.get("EIGEN3_INCLUDE_DIR"), "/usr/include/eigen3", "/usr/local/include/eigen3"):
        if folder and pathlib.Path(folder, "Eigen/Core").exists():
            return folder
    raise SystemExit("peers: Eigen was not found; set EIGEN3_INCLUDE_DIR")


# ---- files ----------------------------------------------------------------------------------------------------------
def write_matrix(path, m):
    import numpy as np
    m = np.asarray(m, dtype=np.float64)
    if m.ndim == 1:
        m = m.reshape(-1, 1)
    with open(path, "wb") as to:
        np.array(m.shape, dtype=np.int64).tofile(to)
        np.asfortranarray(m).ravel(order="F").tofile(to)


def read_matrix(path):
    import numpy as np
    with open(path, "rb") as source:
        shape = np.fromfile(source, dtype=np.int64, count=2)
        return np.fromfile(source, dtype=np.float64).reshape(shape, order="F")


# ---- measuring ------------------------------------------------------------------------------------------------------
def run_program(command, data, answers, seconds):
    answers.mkdir(exist_ok=True)
    done = subprocess.run([*map(str, command), str(data), str(answers), str(seconds)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"ended with {done.returncode}")
    return [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("seconds ")]


def run_python(side, inputs, parameters, seconds):
    times = []
    result = None
    while not times or (sum(times) < seconds and len(times) < 9):
        given = side.ready(inputs, parameters) if side.ready else inputs
        start = time.perf_counter()
        result = side.function(given, parameters)
        times.append(time.perf_counter() - start)
    return times, result


GEMM_PROBE = """
import time, numpy as np
a = np.random.default_rng(1).standard_normal((1200, 1200)); a @ a
best = min((lambda t: (a @ a, time.perf_counter() - t)[1])(time.perf_counter()) for _ in range(7))
from threadpoolctl import threadpool_info
print(2 * 1200**3 / best / 1e9, [i.get("architecture") for i in threadpool_info() if i["user_api"] == "blas"][0])
"""


def numpy_gemm(core):
    environment = dict(os.environ)
    if core:
        environment["OPENBLAS_CORETYPE"] = core
    done = subprocess.run([sys.executable, "-c", GEMM_PROBE], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        return None
    speed, name = done.stdout.split(maxsplit=1)
    return float(speed), name.strip()


def program_gemm(program, core):
    environment = dict(os.environ)
    environment.pop("OPENBLAS_CORETYPE", None)
    if core:
        environment["OPENBLAS_CORETYPE"] = core
    done = subprocess.run([str(program)], capture_output=True, text=True, env=environment)
    return (float(done.stdout.split()[0]), " ".join(done.stdout.split()[1:])) if done.returncode == 0 else None


def core_types():
    flags = pathlib.Path("/proc/cpuinfo").read_text() if pathlib.Path("/proc/cpuinfo").exists() else ""
    return [None, "Haswell", "Zen"] + (["SkylakeX", "Cooperlake"] if "avx512f" in flags else [])


def best_core(measure):
    """OpenBLAS picks kernels by the name of the core and may not know a new one: take what is fastest here."""
    found = [(measure(core), core) for core in core_types()]
    found = [(result, core) for result, core in found if result]
    if not found:
        return None
    own = next((result for result, core in found if core is None), None)
    best = max(found, key=lambda item: item[0][0])
    if own and best[0][0] < 1.03 * own[0]:  # its own choice is as good
        best = (own, None)
    return best[0][0], best[0][1], best[1], own


# ---- the table ------------------------------------------------------------------------------------------------------
def load(path):
    spec = importlib.util.spec_from_file_location("row_" + path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(seconds):
    return f"{seconds * 1e3:.3g} ms" if seconds < 1.0 else f"{seconds:.3g} s"


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/run", description=__doc__.split("\n")[0])
    parser.add_argument("--long", action="store_true", help="the large sizes too (up to an hour, 6 GB)")
    parser.add_argument("--only", action="append", default=[], metavar="ROW", help="only rows/<ROW>.py; may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="times that all sides take turns (default 3)")
    parser.add_argument("--seconds", type=float, default=0.4, help="least time a side in a round (default 0.4)")
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"), help="for ours; peers get the best one here")
    parser.add_argument("--out", metavar="FILE", help="also write the table there")
    options = parser.parse_args()

    rows = sorted((HERE / "rows").glob("*.py"))
    unknown = set(options.only) - {path.stem for path in rows}
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(p.stem for p in rows)}")
    rows = [path for path in rows if not options.only or path.stem in options.only]

    # The choice of kernels has to be in the environment before numpy is loaded.
    choice = best_core(numpy_gemm)
    if choice and choice[2]:
        os.environ["OPENBLAS_CORETYPE"] = choice[2]
    lines = []

    def say(text=""):
        print(text, flush=True)
        lines.append(text)

    import numpy as np
    model = next((l.split(":", 1)[1].strip() for l in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if l.startswith("model name")), platform.machine())
    version = subprocess.run([options.compiler, "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    say(f"{datetime.date.today()}, {model}, {os.cpu_count()} cores, one thread each; {version}, {' '.join(FLAGS[:3])}; "
        f"commit {commit.strip()}")
    say(f"Command: benchmarks/peers/run {' '.join(sys.argv[1:])}".rstrip())
    say()

    speeds = {}
    if choice:
        speeds["numpy, scipy (OpenBLAS of PyPI)"] = choice
    # Compilers differ by a factor of two on Eigen's product: its peers get the better one, ours the one asked for.
    candidates = {}
    for compiler in dict.fromkeys([options.compiler, "g++", "clang++", "clang++-19"]):
        if shutil.which(compiler):
            program, why = compiled(HERE / "gemm_eigen.cpp", compiler)
            measured = program_gemm(program, None) if program else None
            if measured:
                candidates[compiler] = measured
                if compiler == options.compiler:
                    speeds[f"ours ({compiler})"] = (*measured, None, measured)
    peer_compiler = max(candidates, key=lambda c: candidates[c][0]) if candidates else options.compiler
    if candidates:
        speeds[f"Eigen peers ({peer_compiler})"] = (*candidates[peer_compiler], None, None)
    armadillo, why = compiled(HERE / "gemm_armadillo.cpp", peer_compiler)
    arma_core = None
    if armadillo:
        found = best_core(lambda core: program_gemm(armadillo, core))
        speeds["Armadillo (OpenBLAS of Debian)"] = found
        arma_core = found[2]
    say("| side | GEMM 1200 x 1200, GFlop/s | kernels |")
    say("|---|---|---|")
    top = max((s[0] for s in speeds.values()), default=0.0)
    for name, (speed, kernels, core, own) in speeds.items():
        note = kernels
        if core and own:
            note += f" by OPENBLAS_CORETYPE={core}; its own choice, {own[1]}, does {own[0]:.1f}"
        if speed < 0.6 * top and not name.startswith("ours"):
            note += " - CRIPPLED: its ratios below say nothing"
        say(f"| {name} | {speed:.1f} | {note} |")
    if not armadillo:
        say(f"| Armadillo | | left out: {why} |")
    say()
    say("| work | ours | best peer | ratio | aim | all sides: median (fastest), difference of the answers |")
    say("|---|---|---|---|---|---|")

    failed = []
    for path in rows:
        row = load(path)
        sides = {"ours": row.OURS, **row.PEERS}
        programs, reasons = {}, {}
        for name, side in sides.items():
            if isinstance(side, cpp):
                program, reasons[name] = compiled(HERE / "rows" / f"{side.program}.cpp",
                                                  options.compiler if name == "ours" else peer_compiler)
                programs[name] = [program]
            elif isinstance(side, script):
                interpreter = HOME / side.environment / "bin/python"
                programs[name] = [interpreter, HERE / side.file, side.argument]
                reasons[name] = "" if interpreter.exists() else f"{side.environment} was not set up"
        for case in row.CASES:
            if case.long and not options.long:
                continue
            folder = HOME / "data" / f"{path.stem}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            inputs = {}

            def put(name, matrix):
                inputs[name] = matrix
                write_matrix(folder / name, matrix)

            row.data(case.parameters, put)
            (folder / "parameters").write_text("".join(f"{k} {v}\n" for k, v in case.parameters.items()))
            times, answers = {}, {}
            for turn in range(options.rounds):
                for name, side in sides.items():
                    if name in case.skip or reasons.get(name):
                        continue
                    print(f"... {row.TITLE}, {case.label}: {name}, round {turn + 1}   ", end="\r", file=sys.stderr)
                    try:
                        if isinstance(side, (cpp, script)):
                            place = folder / f"answers_{name.replace(' ', '_')}"
                            core = os.environ.get("OPENBLAS_CORETYPE")
                            if arma_core:
                                os.environ["OPENBLAS_CORETYPE"] = arma_core
                            seconds = run_program(programs[name], folder, place, options.seconds)
                            if arma_core:
                                os.environ.pop("OPENBLAS_CORETYPE")
                                if core:
                                    os.environ["OPENBLAS_CORETYPE"] = core
                            if turn == 0:
                                answers[name] = {p.name: read_matrix(p) for p in sorted(place.iterdir())}
                        else:
                            seconds, result = run_python(side, inputs, case.parameters, options.seconds)
                            if turn == 0:
                                answers[name] = result
                        times.setdefault(name, []).extend(seconds)
                    except Exception as error:  # one side that fails must not take the table with it
                        reasons[name] = f"failed: {error}"
                        times.pop(name, None)
            report = []
            for name in sides:
                if name in case.skip:
                    report.append(f"{name}: left out at this size")
                elif name not in times:
                    report.append(f"{name}: {reasons.get(name)}")
                    failed.append(f"{row.TITLE}, {case.label}: {name}: {reasons.get(name)}")
                else:
                    text = f"{name} {words(statistics.median(times[name]))} ({words(min(times[name]))})"
                    if name != "ours" and "ours" in times and "ours" in answers and answers[name] is not None:
                        agreement = row.agree(answers["ours"], answers[name], case.parameters)
                        if agreement is not None:
                            text += f", {agreement.what} {agreement.worst:.1e}"
                            if not agreement.holds:
                                text += f" ABOVE {agreement.bound:.0e}"
                                failed.append(f"{row.TITLE}, {case.label}: {name}: {agreement.what} "
                                              f"{agreement.worst:.2e} is above {agreement.bound:.0e}")
                    if name == "ours" and hasattr(row, "note") and "ours" in answers:
                        text += ", " + row.note(answers["ours"], statistics.median(times["ours"]), case.parameters)
                    report.append(text)
            rivals = {n: statistics.median(t) for n, t in times.items() if n != "ours"}
            best = min(rivals, key=rivals.get) if rivals else None
            mine = statistics.median(times["ours"]) if "ours" in times else None
            ratio = f"{rivals[best] / mine:.2f}" if best and mine else ""
            print(" " * 100, end="\r", file=sys.stderr)
            say(f"| {row.TITLE}: {case.label} | {words(mine) if mine else ''} | "
                f"{best + ' ' + words(rivals[best]) if best else ''} | {ratio} | {case.aim:g} | {'; '.join(report)} |")
            shutil.rmtree(folder, ignore_errors=True)
    if failed:
        say()
        say("Not as it should be:")
        for text in failed:
            say(f"- {text}")
    if options.out:
        pathlib.Path(options.out).write_text("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
