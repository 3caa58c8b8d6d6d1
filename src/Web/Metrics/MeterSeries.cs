using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Replica.Web.Metrics;

/// <summary>The numbers under one name, by their labels. Any thread.</summary>
internal sealed class MeterSeries
{
    /// <summary>The most sets of labels; what comes beyond is not counted.</summary>
    private const int LabelSetsMax = 128;

    private static readonly double[] s_bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly FrozenDictionary<Type, (SeriesKind Kind, bool IsObserved)> s_kinds = new Dictionary<Type, (SeriesKind Kind, bool IsObserved)>
    {
        [typeof(Counter<>)] = (SeriesKind.Counter, false),
        [typeof(ObservableCounter<>)] = (SeriesKind.Counter, true),
        [typeof(UpDownCounter<>)] = (SeriesKind.Gauge, false),
        [typeof(ObservableUpDownCounter<>)] = (SeriesKind.Gauge, true),
        [typeof(ObservableGauge<>)] = (SeriesKind.Gauge, true),
        [typeof(Histogram<>)] = (SeriesKind.Histogram, false),
    }.ToFrozenDictionary();

    private readonly string _name;
    private readonly string _help;
    private readonly SeriesKind _kind;
    private readonly bool _isObserved;
    private readonly double[] _bounds;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Sum> _sums = new(StringComparer.Ordinal);

    /// <summary>Makes an empty one.</summary>
    /// <param name="name">The series' name.</param>
    /// <param name="instrument">The first instrument that it is about.</param>
    /// <param name="kind">What the numbers are.</param>
    public MeterSeries(string name, Instrument instrument, SeriesKind kind)
    {
        _name = name;
        _help = (instrument.Description ?? "").ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal);
        _kind = kind;
        _isObserved = instrument.IsObservable;
        _bounds = [.. (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? s_bounds];
    }

    /// <summary>What the numbers of an instrument are; nothing for a kind that the page does not know.</summary>
    public static SeriesKind? KindOf(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && s_kinds.TryGetValue(type.GetGenericTypeDefinition(), out var known) ? known.Kind : null;

    /// <summary>Takes a number.</summary>
    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.Length == 0 ? "" : Labels(tags);
        lock (_gate)
        {
            if (!_sums.TryGetValue(labels, out var sum))
            {
                if (_sums.Count >= LabelSetsMax)
                {
                    return;
                }

                sum = new(_kind == SeriesKind.Histogram ? _bounds.Length + 1 : 0);
                _sums.Add(labels, sum);
            }

            sum.Total += value;
            sum.Count++;
            if (_kind == SeriesKind.Histogram)
            {
                var at = Array.BinarySearch(_bounds, value);
                sum.Buckets[at >= 0 ? at : ~at]++;
            }
        }
    }

    /// <summary>What is looked at anew comes anew.</summary>
    public void BeforeObserved()
    {
        if (_isObserved)
        {
            lock (_gate)
            {
                _sums.Clear();
            }
        }
    }

    /// <summary>Writes the series.</summary>
    public void Write(StringBuilder text)
    {
        lock (_gate)
        {
            if (_sums.Count == 0)
            {
                return;
            }

            var kind = _kind.ToString().ToLowerInvariant();
            _ = text.Append("# HELP ").Append(_name).Append(' ').Append(_help).Append("\n# TYPE ").Append(_name).Append(' ').Append(kind).Append('\n');
            foreach (var (labels, sum) in _sums)
            {
                if (_kind == SeriesKind.Histogram)
                {
                    WriteHistogram(text, labels, sum);
                }
                else
                {
                    Line(text, _name, labels, sum.Total);
                }
            }
        }
    }

    private void WriteHistogram(StringBuilder text, string labels, Sum sum)
    {
        var count = 0L;
        for (var i = 0; i < sum.Buckets.Length; i++)
        {
            count += sum.Buckets[i];
            var bound = i < _bounds.Length ? Number(_bounds[i]) : "+Inf";
            Line(text, _name + "_bucket", labels + (labels.Length == 0 ? "" : ",") + $"le=\"{bound}\"", count);
        }

        Line(text, _name + "_sum", labels, sum.Total);
        Line(text, _name + "_count", labels, sum.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        _ = text.Append(name);
        if (labels.Length > 0)
        {
            _ = text.Append('{').Append(labels).Append('}');
        }

        _ = text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            _ = labels.Append(labels.Length == 0 ? "" : ",").Append(PrometheusName.Plain(name)).Append("=\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n"))
                .Append('"');
        }

        return labels.ToString();
    }

    private sealed class Sum(int buckets)
    {
        public double Total { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; } = new long[buckets];
    }
}
