#!/usr/bin/env python3
"""Points a second of Python libraries on the series that `baseline-study` makes, beside ours.

    swift build -c release --product baseline-study --product tocsin
    python3 -m venv venv && venv/bin/pip install river statsmodels adtk
    venv/bin/python Benchmarks/baselines/peers.py .build/release

Each judges the same series of 8,064 points, one core, and the time of the processor counts, not that of the
clock. River judges point by point, as we do; statsmodels and adtk look at a whole series at once, the later
points included, which is less work and a different answer.
"""
import csv, os, resource, subprocess, sys, tempfile, time

folder = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
CHARACTERS = ["regular", "bursty", "weekly"]
# So many points of a series for those that take long.
SLOW = 500
SLOW_ONES = ("LocalOutlierFactor", "PredictiveAnomalyDetection")


def made(character):
    text = subprocess.run([f"{folder}/baseline-study", "series", character, "1", "spike"],
                          check=True, capture_output=True, text=True).stdout
    return text, [(int(row["timestamp"]), float(row["value"])) for row in csv.DictReader(text.splitlines())]


def seconds(work, times=1):
    least = None
    for _ in range(times):
        start = time.process_time()
        work()
        spent = time.process_time() - start
        least = spent if least is None else min(least, spent)
    return least


def child_seconds(command):
    """Processor time of a program from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peers(points):
    """Names, and what each of them does with the series."""
    found = []
    try:
        from river import anomaly, time_series

        def half_space_trees():
            model = anomaly.HalfSpaceTrees(seed=1)
            for _, value in points:
                x = {"v": min(max(value / 2000, 0), 1)}
                model.score_one(x)
                model.learn_one(x)

        def quantile_filter():
            model = anomaly.QuantileFilter(anomaly.HalfSpaceTrees(seed=1), q=0.99)
            for _, value in points:
                x = {"v": min(max(value / 2000, 0), 1)}
                model.classify(model.score_one(x))
                model.learn_one(x)

        def gaussian():
            model = anomaly.GaussianScorer(window_size=1000)
            for _, value in points:
                model.score_one(None, value)
                model.learn_one(None, value)

        def predictive():
            model = anomaly.PredictiveAnomalyDetection(
                time_series.SNARIMAX(p=2, d=0, q=0, m=288, sp=1), horizon=1, n_std=3, warmup_period=300)
            for _, value in points[:SLOW]:
                model.score_one(None, value)
                model.learn_one(None, value)

        def local_outlier_factor():
            model = anomaly.LocalOutlierFactor(n_neighbors=20)
            for _, value in points[:SLOW]:
                x = {"v": value}
                model.learn_one(x)
                model.score_one(x)

        found += [("river HalfSpaceTrees", half_space_trees), ("river QuantileFilter over it", quantile_filter),
                  ("river GaussianScorer, 1,000 rows", gaussian),
                  ("river PredictiveAnomalyDetection, SNARIMAX", predictive),
                  ("river LocalOutlierFactor", local_outlier_factor)]
    except ImportError:
        pass
    try:
        import pandas
        series = pandas.Series([value for _, value in points],
                               index=pandas.to_datetime([when for when, _ in points], unit="s"))
        series.index.freq = "5min"
        try:
            from statsmodels.tsa.seasonal import STL
            found.append(("statsmodels STL, whole series", lambda: STL(series, period=288, robust=True).fit()))
        except ImportError:
            pass
        try:
            from adtk.detector import SeasonalAD
            found.append(("adtk SeasonalAD, whole series", lambda: SeasonalAD(freq=288).fit_detect(series)))
        except ImportError:
            pass
    except ImportError:
        pass
    return found


def main():
    with tempfile.TemporaryDirectory() as temporary:
        files, whole = [], []
        for character in CHARACTERS:
            text, points = made(character)
            whole.append(points)
            path = os.path.join(temporary, f"{character}.csv")
            with open(path, "w") as file:
                file.write(text)
            # Many times the same file, so that our start-up does not weigh.
            files += [path] * 20
        count = sum(len(points) for points in whole)
        ours = {}
        speed = subprocess.run([f"{folder}/baseline-study", "speed"], check=True, capture_output=True, text=True).stdout
        for line in speed.splitlines():
            name, rest = line.split(":")
            if name in ("novelty", "jump", "seasonal"):
                ours[f"{name}, the detector alone"] = float(rest.split()[0])
        for kind in ["novelty", "jump", "seasonal"]:
            if not os.path.exists(f"{folder}/tocsin"):
                break
            spent = min(child_seconds([f"{folder}/tocsin", "baseline", "score", "--kind", kind] + files) for _ in range(3))
            ours[f"`tocsin baseline score --kind {kind}`, reading and writing included"] = 20 * count / spent
        print("| who | points a second | novelty is so many times as fast |\n| --- | --- | --- |")
        for kind, speed in ours.items():
            print(f"| {kind} | {speed:,.0f} | |")
        slowest = min(speed for kind, speed in ours.items() if "novelty" in kind)
        names = [name for name, _ in peers(whole[0])]
        for place, name in enumerate(names):
            spent = 0
            for points in whole:
                try:
                    spent += seconds(peers(points)[place][1])
                except Exception as problem:
                    print(f"({name}: {problem})", file=sys.stderr)
                    spent = None
                    break
            if spent:
                judged = SLOW * len(whole) if any(slow in name for slow in SLOW_ONES) else count
                speed = judged / spent
                print(f"| {name} | {speed:,.0f} | {slowest / speed:,.0f} |")


main()
