namespace Replica.PeerCli.Demo.Peers;

/// <summary>Adds up what a peer sent over all its connections, which each count from 0.</summary>
internal sealed class WireMeter
{
    private readonly Dictionary<string, long> _open = new(StringComparer.Ordinal);
    private long _closed;

    /// <summary>Bytes of messages sent, up to the last reading of each connection.</summary>
    public long BytesOut => _closed + _open.Values.Sum();

    /// <summary>Takes a reading of all connections.</summary>
    public void Take(IReadOnlyList<Link> links)
    {
        foreach (var (name, last) in _open.ToArray())
        {
            // Gone, or begun again under the same name.
            if (!links.Any(link => link.Name == name && link.BytesOut >= last))
            {
                _closed += last;
                _ = _open.Remove(name);
            }
        }

        foreach (var link in links)
        {
            _open[link.Name] = link.BytesOut;
        }
    }
}
