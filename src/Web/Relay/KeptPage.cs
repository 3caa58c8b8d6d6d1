using Replica.Web.Metrics;

namespace Replica.Web.Relay;

/// <summary>The page of metrics, made once a second however many ask: it is summed over all tunnels, and anybody may ask.</summary>
internal sealed class KeptPage(MeterPage page, TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string? _text;
    private long _madeAt;

    /// <summary>The page, at most a second old.</summary>
    public string Read()
    {
        lock (_gate)
        {
            if (_text is null || time.GetElapsedTime(_madeAt) >= s_kept)
            {
                (_text, _madeAt) = (page.Write(), time.GetTimestamp());
            }

            return _text;
        }
    }
}
