namespace Replica.Testing.World;

/// <summary>Carries messages between replicas by number, with the faults of the day.</summary>
internal sealed class SimulatedNetwork(VirtualTime time, Chance chance)
{
    private readonly Dictionary<int, Action<int, byte[]>> _receivers = [];
    private int[]? _sides;

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    public void Attach(int replica, Action<int, byte[]> receive) => _receivers.Add(replica, receive);

    /// <summary>Splits the replicas in two; nothing passes between the sides, what is under way included.</summary>
    public void Partition() => _sides = [.. _receivers.Keys.Select(_ => chance.Below(2))];

    public void Heal() => _sides = null;

    public bool Reaches(int from, int to) => _sides is null || _sides[from] == _sides[to];

    public void Send(int from, int to, byte[] message)
    {
        if (chance.Percent(Faults.LossPercent))
        {
            return;
        }

        for (var copies = chance.Percent(Faults.DuplicatePercent) ? 2 : 1; copies > 0; copies--)
        {
            time.After(chance.Between(1, Faults.DelayMillisecondsMax), () => Deliver(from, to, message));
        }
    }

    private void Deliver(int from, int to, byte[] message)
    {
        if (Reaches(from, to))
        {
            _receivers[to](from, message);
        }
    }
}
