namespace Replica.Testing.World;

/// <summary>Who hears whom, and what happens to a message on its way.</summary>
internal sealed class SimulatedNetwork(int peers, VirtualTime time, Chance chance, FaultCounts counts)
{
    private readonly bool[,] _isDeaf = new bool[peers, peers];
    private int[]? _sides;

    public NetworkFaults Faults
    {
        get;
        set
        {
            field = value;
            MayDamage |= value.CorruptPerMille > 0;
        }
    }
    = NetworkFaults.None;

    /// <summary>Whether any message of this world may be damaged, or may have been.</summary>
    public bool MayDamage { get; private set; }

    public Chance Chance => chance;

    /// <summary>Splits the peers in two; nothing passes between the sides.</summary>
    public void Partition(Chance step) => _sides = [.. Enumerable.Range(0, peers).Select(_ => step.Below(2))];

    /// <summary>One peer does not hear another any more.</summary>
    public void Deafen(int from, int to) => _isDeaf[from, to] = true;

    /// <summary>One peer hears another again.</summary>
    public void Undeafen(int from, int to) => _isDeaf[from, to] = false;

    /// <summary>Ends a partition.</summary>
    public void Reunite() => _sides = null;

    /// <summary>Ends all that keeps peers apart.</summary>
    public void Heal()
    {
        Reunite();
        Array.Clear(_isDeaf);
    }

    /// <summary>Whether messages of one peer reach another.</summary>
    public bool Reaches(int from, int to) => !_isDeaf[from, to] && (_sides is null || _sides[from] == _sides[to]);

    /// <summary>How long the next message takes.</summary>
    public int NextDelay()
    {
        var max = Faults.DelayMillisecondsMax;
        if (max > 1)
        {
            counts.Count(SimulationFault.Delay);
        }

        return chance.Between(1, max);
    }

    /// <summary>Whether the next message is lost.</summary>
    public bool Loses()
    {
        var isLost = chance.Percent(Faults.LossPercent);
        if (isLost)
        {
            counts.Count(SimulationFault.Loss);
        }

        return isLost;
    }

    /// <summary>The message as it arrives: mostly as it was, now and then damaged.</summary>
    public byte[] Damage(byte[] message)
    {
        if (Faults.CorruptPerMille == 0 || chance.Below(1000) >= Faults.CorruptPerMille)
        {
            return message;
        }

        counts.Count(SimulationFault.Corruption);
        return ByteMutation.Next(message, chance);
    }

    /// <summary>Sends a datagram: it may get lost, come twice, late and damaged.</summary>
    public void Send(int from, int to, byte[] message, Action<byte[]> deliver)
    {
        if (Loses())
        {
            return;
        }

        var isTwice = chance.Percent(Faults.DuplicatePercent);
        if (isTwice)
        {
            counts.Count(SimulationFault.Duplicate);
        }

        for (var copies = isTwice ? 2 : 1; copies > 0; copies--)
        {
            var arriving = Damage(message);
            time.After(NextDelay(), () =>
            {
                if (Reaches(from, to))
                {
                    deliver(arriving);
                }
            });
        }
    }
}
