using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;
using Replica.Transport;
using Replica.Transport.Crypto;

namespace Replica.Testing.World;

/// <summary>Peers that write, meet and part, from one seed: first with faults, then without until all are level.</summary>
/// <remarks>With faults on nothing may be lost or contradicted; with faults off all must reach the same within a bound.</remarks>
internal sealed class SimulatedWorld : IDisposable
{
    private const long StartMilliseconds = 1_700_000_000_000;
    private const int OverheardMax = 32;

    /// <summary>Gives connection managers chance of their own, so that seeds kept from before they were simulated mean what they meant.</summary>
    private const ulong LinkSalt = 0x4C696E6B73;

    private readonly SimulationOptions _options;
    private readonly List<SimulatedPeer> _peers = [];
    private readonly List<ISimulationInvariant> _invariants;
    private readonly List<SimulationStep> _steps;
    private readonly List<DeviceKeyPair> _devices = [];
    private readonly SynchronizationContext? _before = SynchronizationContext.Current;
    private readonly string? _folder;

    public SimulatedWorld(ulong seed, SimulationOptions options)
    {
        // All that awaits in this world does so on its scheduler, from the first store on.
        SynchronizationContext.SetSynchronizationContext(Scheduler);
        Chance = new(seed);
        _options = options;
        Time = new(StartMilliseconds, Scheduler);
        Shape = WorldShape.Next(options.Plan, Chance);
        LinkChance = new(seed ^ LinkSalt);
        IsManaged = LinkChance.Percent(options.Plan.ManagedPercent) && Shape.HasSessions;
        Addresses = new(Shape.Peers, LinkChance);
        Counts.Links.Histories = IsManaged ? 1 : 0;
        Network = new(Shape.Peers + 1, Time, Chance.Fork(), Counts) { Faults = NetworkFaults.Next(options.Plan, Chance) };
        Links = new(this);
        _folder = Shape.IsOnSqlite ? Directory.CreateTempSubdirectory("replica-simulation-").FullName : null;
        _invariants =
        [
            new GrowthInvariant(),
            new ConvergenceInvariant(),
            new KnowledgeInvariant(),
            new TransferInvariant(),
            new ModelInvariant(options.IsEager ? 100 : Chance.Pick([0, 0, 0, 2, 2, 10]), Chance.Fork()),
            .. options.Invariants.Select(static make => make()),
        ];
        for (var i = 0; i < Shape.Peers; i++)
        {
            _peers.Add(new(this, i, MakeIdentity(), MakeRest(i)));
        }

        _steps = new StepPlanner(this, options).Plan();
    }

    public Chance Chance { get; }

    public SimulatedScheduler Scheduler { get; } = new();

    public VirtualTime Time { get; }

    public WorldShape Shape { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedLinks Links { get; }

    /// <summary>Whether peers have a connection manager, which dials and dials again; else steps connect them.</summary>
    public bool IsManaged { get; }

    /// <summary>The chance of all that connection managers do.</summary>
    public Chance LinkChance { get; }

    /// <summary>Where peers can be dialled.</summary>
    public SimulatedAddresses Addresses { get; }

    /// <summary>Watches that duplicates are closed alike on both sides.</summary>
    public DuplicateInvariant Duplicates { get; } = new();

    public FaultCounts Counts { get; } = new();

    public MemoryBounds Bounds { get; } = new();

    public IReadOnlyList<SimulatedPeer> Peers => _peers;

    /// <summary>The member that lies, if there is one.</summary>
    public Liar? Liar { get; private set; }

    /// <summary>Messages that went by lately: what a liar may repeat or mutate.</summary>
    public List<byte[]> Overheard { get; } = [];

    /// <summary>Room for one plaintext.</summary>
    public byte[] Scratch { get; } = new byte[Peer.Sync.ChannelLimits.PlaintextBytesMax];

    /// <summary>The name of the space.</summary>
    public SpaceId Space { get; private set; }

    /// <summary>Whether the faults are over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How many steps are planned.</summary>
    public int Steps => _steps.Count;

    /// <summary>Runs the whole history.</summary>
    /// <exception cref="SimulationException">A promise is broken.</exception>
    public void Run()
    {
        Found();
        foreach (var (number, step) in _steps.Index())
        {
            if (_options.Steps is not { } kept || kept.Contains(number))
            {
                Time.After(step.At, () => step.Run(new(step.Seed)));
            }
        }

        Time.Advance(Shape.FaultyMilliseconds);
        IsOver = true;
        new Recovery(this).Run();
        foreach (var invariant in _invariants)
        {
            invariant.OnQuiet(_peers);
        }
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_before);
        foreach (var peer in _peers)
        {
            peer.Close();
        }

        _devices.ForEach(static device => device.Dispose());
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    public void Trace(Func<string> line) => _options.Trace?.Invoke($"{Time.Now - StartMilliseconds,8} ms  {line()}");

    public string NameOf(int number) => number < _peers.Count ? _peers[number].Name : "liar";

    public bool IsLiar(int number) => number >= _peers.Count;

    public bool IsRunning(int number) => IsLiar(number) || _peers[number].IsRunning;

    /// <summary>Lets a member come in that lies.</summary>
    public Liar AddLiar() => Liar ??= new(this, _peers.Count, MakeIdentity());

    /// <summary>The device key of a peer as it runs now.</summary>
    public DeviceKey DeviceOf(int number) => DeviceKey.FromBytes((IsLiar(number) ? Liar!.Author : _peers[number].Author).ToArray());

    /// <summary>Whether one of two does not take the other in for now, because it broke the protocol.</summary>
    public bool IsKeptAway(int first, int second)
    {
        var (honest, other) = IsLiar(first) ? (second, first) : (first, second);
        var isKeptAway = !IsLiar(honest) && _peers[honest].Net is { } net && net.IsKeptAway(DeviceOf(other));
        Counts.Links.KeptAway += isKeptAway ? 1 : 0;
        return isKeptAway;
    }

    public LinkEnd MakeEnd(SimulatedLink link, int number) =>
        IsLiar(number) ? new LiarEnd(link, Liar!) : new HonestEnd(link, _peers[number]);

    public (ILinkSeal There, ILinkSeal Back) MakeSeals(int first, int second) =>
        Shape.IsReal ? NoiseSeal.Agree(_devices[first], _devices[second], Chance) : (new TagSeal(), new TagSeal());

    /// <summary>Keeps a message for those who may repeat it.</summary>
    public void Overhear(ReadOnlySpan<byte> message)
    {
        if (Liar is null)
        {
            return;
        }

        if (Overheard.Count == OverheardMax)
        {
            Overheard.RemoveAt(0);
        }

        Overheard.Add(message.ToArray());
    }

    public void OnCommitted(SimulatedPeer peer)
    {
        Links.OnCommitted(peer);
        if (peer.Disk.IsBroken)
        {
            return;
        }

        foreach (var invariant in _invariants)
        {
            invariant.OnCommitted(peer);
        }
    }

    /// <summary>A process died inside a commit: it is gone at once, and started again after a while.</summary>
    public void OnDied(SimulatedPeer peer)
    {
        Trace(() => $"{peer} dies inside a commit");
        peer.Die(ProcessEnd.Crash);
        Time.After(0, () => peer.Settle(ProcessEnd.Crash));
        var back = 1 + Network.Chance.Below(3_000);
        Time.After(back, peer.Start);
        if (_options.Plan.Percents.ContainsKey(SimulationFault.PowerCut) && Network.Chance.Percent(30))
        {
            // Two ends in a row: what the first left unfinished meets the second.
            Time.After(back + 1 + Network.Chance.Below(100), () =>
            {
                if (!IsOver)
                {
                    WorldFaults.Stop(this, peer, SimulationFault.PowerCut, Network.Chance);
                }
            });
        }
    }

    /// <summary>Looks at what a peer made of runs that another sent.</summary>
    /// <exception cref="SimulationException">It refused what an honest peer sent.</exception>
    public void Judge(SimulatedPeer peer, int from, IReadOnlyList<SignedRun> runs, IReadOnlyList<RunResult> results)
    {
        foreach (var (run, result) in runs.Zip(results))
        {
            Trace(() => $"{peer} from {NameOf(from)}: {run.Log.ToString()[..8]} {run.BaseSeq + 1}..{run.LastSeq} {result.Verdict}");

            // Late, doubled and reordered messages bring what is known or leaves a gap.
            if (!IsLiar(from) && result.Verdict is not (RunVerdict.Applied or RunVerdict.Known or RunVerdict.Gap
                or RunVerdict.Skipped or RunVerdict.DependencyMissing or RunVerdict.ClockAhead))
            {
                throw new SimulationException($"{peer} refuses an honest run of {NameOf(from)}: {result}");
            }
        }
    }

    private void Found()
    {
        var durability = Shape.IsRelaxed ? Durability.Relaxed : Durability.Full;
        Space = _peers[0].Found(durability);
        foreach (var peer in _peers.Skip(1))
        {
            peer.Join(Space, durability);
        }

        var devices = _peers.Skip(1).Select(static peer => peer.Author).Concat(Liar is { } liar ? [liar.Author] : []).ToArray();
        if (devices.Length > 0)
        {
            _ = Scheduler.Finish(_peers[0].TransactAsync(transaction => Promote(transaction, devices)));
        }

        Time.Advance(100);
        Liar?.Learn(_peers[0].Store.Durable[0], _peers[0].Query(static ledger => ledger.Clock.Last));
    }

    private static void Promote(ITransaction transaction, AuthorKey[] devices)
    {
        foreach (var device in devices)
        {
            transaction.Add(Target.Space.Instance, new Operation.Promote(device, Role.Writer));
        }
    }

    private LedgerIdentity MakeIdentity()
    {
        var seed = Chance.Bytes(Bytes32.Size);
        if (!Shape.IsReal)
        {
            return new SimulatedSigner(AuthorKey.FromBytes(seed));
        }

        var device = DeviceKeyPair.FromSeed(seed);
        _devices.Add(device);
        return new DeviceIdentity(device);
    }

    private SimulatedRest MakeRest(int number) =>
        _folder is null ? new MemoryRest(number) : new SqliteRest(Path.Combine(_folder, $"r{number}"));
}
