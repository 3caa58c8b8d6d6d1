using Replica.Testing.Histories;

namespace Replica.Testing.World;

/// <summary>Replicas that write, meet and part, from one seed: first with faults, then without until all are level.</summary>
/// <remarks>With faults on nothing may be lost or contradicted; with faults off all must reach the same within a bound.</remarks>
internal sealed class SimulatedWorld
{
    private const long StartMilliseconds = 1_700_000_000_000;
    private const int FaultyMilliseconds = 20_000;
    private const int RoundMilliseconds = 30_000;
    private const int RoundsMax = 40;

    /// <summary>More than the five minutes that a stamp may lie ahead: what it writes is held by the others for a while.</summary>
    private const int BadClockMilliseconds = 400_000;

    private readonly SimulatedReplica[] _replicas;
    private readonly IWorldCheck[] _checks;
    private readonly int _writesMax;
    private readonly bool _hasSessions;
    private readonly Action<string>? _trace;
    private int _writes;

    /// <param name="seed">Decides everything.</param>
    /// <param name="writesMax">At most so many writes happen: fewer make a failure easier to read.</param>
    /// <param name="trace">Takes the story, line by line.</param>
    public SimulatedWorld(ulong seed, int writesMax = int.MaxValue, Action<string>? trace = null)
    {
        Chance = new(seed);
        _writesMax = writesMax;
        _trace = trace;
        Time = new(StartMilliseconds);
        Network = new(Time, Chance.Fork());
        Links = new(this);
        _hasSessions = Chance.Percent(60);
        _checks = [new ConvergenceCheck(), new KnowledgeCheck(), new ModelCheck(isEager: Chance.Percent(3))];
        var shape = HistoryShape.Next(Chance);
        _replicas = [.. Enumerable.Range(0, shape.Replicas + Chance.Below(2)).Select(i => new SimulatedReplica(this, i, shape))];
        Schedule(shape.Steps);
    }

    public Chance Chance { get; }

    public VirtualTime Time { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedLinks Links { get; }

    public IReadOnlyList<SimulatedReplica> Replicas => _replicas;

    /// <summary>How many writes were tried.</summary>
    public int Writes => _writes;

    /// <summary>Runs the whole history.</summary>
    /// <exception cref="SimulationException">A promise is broken.</exception>
    public void Run()
    {
        Found();
        Time.Advance(FaultyMilliseconds);
        Network.Faults = NetworkFaults.None;
        Network.Heal();
        LevelOut();
        foreach (var check in _checks)
        {
            check.OnQuiet(_replicas);
        }
    }

    public void Trace(Func<string> line) => _trace?.Invoke($"{Time.Now - StartMilliseconds,8} ms  {line()}");

    public void OnCommitted(SimulatedReplica replica)
    {
        Links.OnCommitted(replica);
        foreach (var check in _checks)
        {
            check.OnCommitted(replica);
        }
    }

    private void Found()
    {
        var space = _replicas[0].Found();
        _replicas[0].Promote(_replicas.Skip(1).Select(static replica => replica.Author));
        foreach (var replica in _replicas.Skip(1))
        {
            replica.Join(space);
        }
    }

    private void Schedule(int writes)
    {
        Network.Faults = NetworkFaults.Next(Chance);
        foreach (var replica in _replicas)
        {
            Network.Attach(replica.Number, replica.OnMessage);
            for (var i = 0; i < writes / 2; i++)
            {
                Time.After(Chance.Below(FaultyMilliseconds), () => Write(replica));
            }

            for (var i = 0; i < writes; i++)
            {
                Time.After(Chance.Below(FaultyMilliseconds), () => Meet(replica));
            }

            if (Chance.Percent(20))
            {
                Time.After(Chance.Below(FaultyMilliseconds), replica.Restart);
            }
        }

        for (var i = Chance.Below(4); i > 0; i--)
        {
            Time.After(Chance.Below(FaultyMilliseconds), Part);
            Time.After(Chance.Below(FaultyMilliseconds), Reunite);
        }

        if (Chance.Percent(10))
        {
            Chance.Pick(_replicas).Skew = BadClockMilliseconds;
        }
    }

    private void Part()
    {
        Trace(() => $"the network is split in two");
        Network.Partition();
        Links.CutUnreachable(_replicas);
    }

    /// <summary>Sessions on streams in most worlds; in the others datagrams, which come late, twice, or in another order.</summary>
    private void Meet(SimulatedReplica replica)
    {
        var other = Chance.Pick(_replicas);
        if (!_hasSessions)
        {
            replica.Ask(other.Number);
        }
        else if (Chance.Percent(30))
        {
            Links.CutOne();
        }
        else
        {
            Links.Connect(replica, other);
        }
    }

    private void Reunite()
    {
        Trace(() => $"the network is whole");
        Network.Heal();
    }

    private void Write(SimulatedReplica replica)
    {
        if (_writes < _writesMax)
        {
            _writes++;
            replica.Write();
        }
    }

    /// <summary>Round after round until all positions are equal, and both ends of every session know it.</summary>
    private void LevelOut()
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            MeetAll();
            Time.Advance(RoundMilliseconds);
            var expected = _replicas[0].Ledger.Positions();
            if (Array.TrueForAll(_replicas, replica => replica.Ledger.Positions().AsSpan().SequenceEqual(expected)) && Links.AreInSync)
            {
                return;
            }
        }

        throw new SimulationException($"The replicas are not level after {RoundsMax} rounds without faults.");
    }

    /// <summary>Datagrams: everyone asks everyone. Sessions: a chain, so that what the ends write must be forwarded.</summary>
    private void MeetAll()
    {
        foreach (var replica in _replicas)
        {
            if (_hasSessions)
            {
                Links.Connect(replica, _replicas[Math.Max(0, replica.Number - 1)]);
                continue;
            }

            foreach (var other in _replicas)
            {
                replica.Ask(other.Number);
            }
        }
    }
}
