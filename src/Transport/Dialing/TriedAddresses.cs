namespace Replica.Transport.Dialing;

/// <summary>Announced addresses that came to nothing, and when; remembered when they are announced anew. Not safe for several threads.</summary>
/// <param name="max">How many; the one remembered longest goes.</param>
internal sealed class TriedAddresses(int max)
{
    private readonly Dictionary<PeerAddress, TimeSpan> _triedAt = [];
    private readonly Queue<PeerAddress> _order = [];

    /// <summary>Remembers one.</summary>
    public void Add(PeerAddress address, TimeSpan now)
    {
        if (_triedAt.TryAdd(address, now))
        {
            _order.Enqueue(address);
            if (_order.Count > max)
            {
                _ = _triedAt.Remove(_order.Dequeue());
            }
        }
        else
        {
            _triedAt[address] = now;
        }
    }

    /// <summary>When an address came to nothing last; null if it did not.</summary>
    public TimeSpan? Find(PeerAddress address) => _triedAt.TryGetValue(address, out var at) ? at : null;
}
