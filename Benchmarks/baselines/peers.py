#!/usr/bin/env python3
"""Points a second of Python libraries on the series that `baseline-study` makes, each beside that kind of ours which
does the same job.

    swift build -c release --product baseline-study
    python3 -m venv one && one/bin/pip install river statsmodels adtk "pandas<3"
    one/bin/python Benchmarks/baselines/peers.py .build/release
    python3 -m venv two && two/bin/pip install salesforce-merlion
    two/bin/python Benchmarks/baselines/peers.py .build/release

Two environments: Merlion wants NumPy 1, River NumPy 2; and adtk writes "not a number" into columns of truth values,
which pandas 3 refuses. One core; the time of the processor counts, not that of the clock. River judges point by point,
as we do. The others look at a whole series at once, the later points included, which is less work and a different
answer; where one must learn first, that counts too. Most remember less than we do: so ours is measured with its own
20,000 rows, and with as many as the peer has.
"""
import csv, importlib, logging, subprocess, sys, time, warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
folder = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
CHARACTERS = ["regular", "bursty", "weekly"]
# So many points of a series for those that take long, and for one whose time grows with each point.
FEW, FEWEST = 500, 200


def made(character):
    text = subprocess.run([f"{folder}/baseline-study", "series", character, "1", "spike"],
                          check=True, capture_output=True, text=True).stdout
    return [(int(row["timestamp"]), float(row["value"])) for row in csv.DictReader(text.splitlines())]


def ours(kind, rows):
    """Points a second of one of our detectors with so many rows of memory: the best of three."""
    def once():
        line = subprocess.run([f"{folder}/baseline-study", "speed", kind, str(rows)],
                              check=True, capture_output=True, text=True).stdout
        return float(line.split(":")[1].split()[0])
    return max(once() for _ in range(3))


def online(score, learn=None):
    """Judges point by point."""
    def run(points):
        for _, value in points:
            score(value)
            if learn:
                learn(value)
    return run


def river():
    from river import anomaly, drift, time_series

    def trees():
        model = anomaly.HalfSpaceTrees(seed=1)
        scaled = lambda value: {"v": min(max(value / 2000, 0), 1)}
        return online(lambda value: model.score_one(scaled(value)), lambda value: model.learn_one(scaled(value)))

    def filtered():
        model = anomaly.QuantileFilter(anomaly.HalfSpaceTrees(seed=1), q=0.99)
        scaled = lambda value: {"v": min(max(value / 2000, 0), 1)}
        return online(lambda value: model.classify(model.score_one(scaled(value))),
                      lambda value: model.learn_one(scaled(value)))

    def outlier_factor():
        model = anomaly.LocalOutlierFactor(n_neighbors=20)
        return online(lambda value: (model.learn_one({"v": value}), model.score_one({"v": value})))

    def supervised(model):
        return online(lambda value: model.score_one(None, value), lambda value: model.learn_one(None, value))

    def predictive():
        return supervised(anomaly.PredictiveAnomalyDetection(
            time_series.SNARIMAX(p=2, d=0, q=0, m=288, sp=1), horizon=1, n_std=3, warmup_period=300))

    return [
        ("river LocalOutlierFactor", "novelty", None, outlier_factor, FEW),
        ("river QuantileFilter over HalfSpaceTrees", "novelty", 250, filtered, None),
        ("river HalfSpaceTrees", "novelty", 250, trees, None),
        ("river SNARIMAX, PredictiveAnomalyDetection", "seasonal", 288, predictive, None),
        ("river KSWIN", "jump", 100, lambda: online(drift.KSWIN(seed=1).update), None),
        ("river PageHinkley", "jump", None, lambda: online(drift.PageHinkley().update), None),
        ("river ADWIN", "jump", None, lambda: online(drift.ADWIN().update), None),
        ("river GaussianScorer", "level", 1_000, lambda: supervised(anomaly.GaussianScorer(window_size=1_000)), None),
        ("river StandardAbsoluteDeviation", "level", None,
         lambda: supervised(anomaly.StandardAbsoluteDeviation()), None),
    ]


def series(points):
    import pandas
    made = pandas.Series([value for _, value in points], index=pandas.to_datetime([when for when, _ in points], unit="s"))
    made.index.freq = "5min"
    return made


def statsmodels():
    from statsmodels.tsa.seasonal import STL
    return [("statsmodels STL", "seasonal", None,
             lambda: lambda points: STL(series(points), period=288, robust=True).fit(), None)]


def adtk():
    from adtk import detector
    kinds = [("AutoregressionAD", "seasonal", {}), ("SeasonalAD", "seasonal", {"freq": 288}), ("PersistAD", "jump", {}),
             ("LevelShiftAD", "jump", {"window": 5}), ("QuantileAD", "level", {"low": 0.01, "high": 0.99})]
    def judge(name, settings):
        return lambda points: getattr(detector, name)(**settings).fit_detect(series(points))
    return [(f"adtk {name}", kind, None, lambda name=name, settings=settings: judge(name, settings), None)
            for name, kind, settings in kinds]


def merlion():
    from merlion.utils import TimeSeries
    kinds = [("isolation_forest", "IsolationForest", "novelty"), ("spectral_residual", "SpectralResidual", "novelty"),
             ("windstats", "WindStats", "seasonal"), ("zms", "ZMS", "jump"),
             ("change_point.bocpd", "BOCPD", "jump"), ("stat_threshold", "StatThreshold", "level")]
    def judge(module, name):
        found = importlib.import_module(f"merlion.models.anomaly.{module}")
        def run(points):
            data = TimeSeries.from_pd(series(points).to_frame("v"))
            model = getattr(found, name)(getattr(found, f"{name}Config")())
            model.train(data)
            model.get_anomaly_label(data)
        return run
    return [(f"Merlion {name}", kind, None, lambda module=module, name=name: judge(module, name),
             FEWEST if name == "BOCPD" else None) for module, name, kind in kinds]


def speed(make, whole, limit):
    """Points a second over all series, the best of two runs each."""
    judged, spent = 0, 0
    for points in whole:
        points = points[:limit]
        least = None
        for _ in range(2):
            run = make()
            start = time.process_time()
            run(points)
            taken = time.process_time() - start
            least = taken if least is None else min(least, taken)
        judged, spent = judged + len(points), spent + least
    return judged / spent


def main():
    whole = [made(character) for character in CHARACTERS]
    known = {}
    print("| who | points a second | its job here | ours | times | ours with its memory | times |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for library in (river, statsmodels, adtk, merlion):
        try:
            peers = library()
        except ImportError as problem:
            print(f"({library.__name__}: {problem})", file=sys.stderr)
            continue
        for name, kind, memory, make, limit in peers:
            try:
                theirs = speed(make, whole, limit)
            except Exception as problem:
                print(f"({name}: {problem})", file=sys.stderr)
                continue
            for rows in (20_000, memory):
                if rows and (kind, rows) not in known:
                    known[kind, rows] = ours(kind, rows)
            usual, own = known[kind, 20_000], known.get((kind, memory))
            cells = [f"{own:,.0f} ({memory:,} rows)", f"{own / theirs:,.0f}"] if own else ["", ""]
            print(f"| {name} | {theirs:,.0f} | {kind} | {usual:,.0f} | {usual / theirs:,.0f} | {' | '.join(cells)} |",
                  flush=True)


main()
