using System.Diagnostics.Metrics;
using System.Text;

namespace Replica.Web.Metrics;

/// <summary>Listens to meters of the framework's own kind and writes what they say as text that Prometheus reads.</summary>
/// <remarks>The text is format 0.0.4; names and units are turned as OpenTelemetry does it for Prometheus.</remarks>
public sealed class MeterPage : IDisposable
{
    /// <summary>What the text is, for the header of an answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int InstrumentsMax = 1024;

    private readonly MeterListener _listener;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MeterSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Begins to listen. What was counted before is not known.</summary>
    /// <param name="isWanted">Says of each meter whether its instruments go onto the page.</param>
    public MeterPage(Func<Meter, bool> isWanted)
    {
        _listener = new() { InstrumentPublished = (instrument, listener) => Take(instrument, listener, isWanted) };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => Add(series, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, series) => Add(series, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => Add(series, value, tags));
        _listener.Start();
    }

    /// <summary>All series as they are now, by name.</summary>
    public string Write()
    {
        lock (_gate)
        {
            foreach (var series in _series.Values)
            {
                series.BeforeObserved();
            }

            _listener.RecordObservableInstruments();
            var text = new StringBuilder(4096);
            foreach (var series in _series.Values)
            {
                series.Write(text);
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static void Add(object? series, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MeterSeries)series!).Add(value, tags);

    private void Take(Instrument instrument, MeterListener listener, Func<Meter, bool> isWanted)
    {
        if (!isWanted(instrument.Meter) || MeterSeries.KindOf(instrument) is not { } kind)
        {
            return;
        }

        var name = PrometheusName.Of(instrument, kind);
        MeterSeries? series;
        lock (_gate)
        {
            // Instruments of one name, such as those of two homes, are one series.
            if (!_series.TryGetValue(name, out series))
            {
                if (_series.Count >= InstrumentsMax)
                {
                    return;
                }

                series = new(name, instrument, kind);
                _series.Add(name, series);
            }
        }

        listener.EnableMeasurementEvents(instrument, series);
    }
}
