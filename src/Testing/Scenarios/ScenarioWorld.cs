using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Testing.Scenarios;

/// <summary>The replicas of one scenario, the time of its steps, and everything that was written in it.</summary>
internal sealed class ScenarioWorld : IDisposable
{
    /// <summary>A scenario's time 0 in Unix milliseconds: clocks that are years behind stay after the founding.</summary>
    private const long StartMilliseconds = 1_000_000_000_000;

    private const long FirstStepMilliseconds = 1_000_000;
    private const long StepMilliseconds = 10;

    /// <summary>Everything of before the first step happens here, so that no stamp of a step depends on it.</summary>
    private const long FoundingMilliseconds = 0;

    /// <summary>The clock of a receiver that holds nothing back: no stamp is ahead of it.</summary>
    private const long FarFuture = 1L << 48;

    private readonly Scenario _scenario;
    private readonly string? _folder;
    private readonly ClockPolicy _policy;
    private readonly IReadOnlyList<(Ledgers.SimulatedSigner Signer, IncarnationNonce Nonce)> _identities;
    private readonly Dictionary<string, ScenarioReplica> _replicas = [];
    private readonly Dictionary<Dot, WrittenChange> _written = [];
    private readonly List<WrittenChange> _order = [];
    private SpaceId _space;
    private long _stepMilliseconds;
    private int _stores;
    private int _drawn;
    private int _nonces;

    public ScenarioWorld(Scenario scenario, ScenarioOptions options, ClockPolicy policy)
    {
        _scenario = scenario;
        _folder = options.StoreFolder;
        _policy = policy;
        var joins = scenario.AllSteps.Count(static step => new StepReader(step).TextOrNothing("do") is "join" or "wipe");
        _identities = ReplicaNames.Draw(scenario.Replicas.Count + joins);
    }

    /// <summary>The clock policy of this run.</summary>
    public ClockPolicy Policy => _policy;

    /// <summary>The replicas there are, in the order in which they came.</summary>
    public IEnumerable<ScenarioReplica> Replicas => _replicas.Values;

    /// <summary>The groups between which nothing passes; nothing while the network is whole.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Partition { get; set; }

    /// <summary>The changes that have a label.</summary>
    public Dictionary<string, Dot> Labels { get; } = [];

    /// <summary>Copies of files that have a label.</summary>
    public Dictionary<string, StoreCopy> Copies { get; } = [];

    /// <summary>The states that have a label.</summary>
    public Dictionary<string, ScenarioState> Marks { get; } = [];

    public ScenarioReplica this[string name] => _replicas.GetValueOrDefault(name)
        ?? throw new ScenarioException($"There is no replica '{name}'.");

    /// <summary>The replicas that a step names: one, a list, or all where it says so or nothing.</summary>
    public IReadOnlyList<ScenarioReplica> At(StepReader step, string part)
    {
        if (!step.Has(part) || (step.Part(part) is { ValueKind: JsonValueKind.String } one && one.ValueEquals("*")))
        {
            return [.. Replicas];
        }

        return step.Part(part).ValueKind == JsonValueKind.Array ? [.. step.Texts(part).Select(name => this[name])] : [this[step.Text(part)]];
    }

    public void Dispose()
    {
        foreach (var replica in _replicas.Values)
        {
            replica.Dispose();
        }
    }

    /// <summary>Founds the space, lets everybody in and opens all logs, before the first step.</summary>
    public void Found()
    {
        foreach (var name in _scenario.Replicas)
        {
            Add(name);
        }

        var founder = Replicas.First();
        _space = founder.Found(FoundingMilliseconds);
        KeepFirst(founder);
        Keep(founder, founder.Write(FoundingMilliseconds, transaction =>
        {
            foreach (var (signer, _) in _identities.Where(other => other.Signer.Author != founder.Author))
            {
                transaction.Add(Target.Space.Instance, new Operation.Promote(signer.Author, Role.Writer));
            }
        }));
        foreach (var replica in Replicas.Skip(1))
        {
            Enter(replica);
        }

        foreach (var replica in Replicas)
        {
            _ = replica.Receive(_order.Select(static written => written.ToRun()), FarFuture);
        }
    }

    /// <summary>A new replica that knows the space and who is in it, and nothing else.</summary>
    public void Join(string name)
    {
        if (_replicas.ContainsKey(name))
        {
            throw new ScenarioException($"There is a replica '{name}' already.");
        }

        Enter(Add(name));
    }

    /// <summary>Begins a step: it has the time of its place in the list.</summary>
    public void StartStep(int number) => _stepMilliseconds = FirstStepMilliseconds + (StepMilliseconds * (number + 1));

    /// <summary>The clock of a replica in this step.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="exact">The time that the step names, if it does; skew does not count then.</param>
    public long ClockOf(ScenarioReplica replica, long? exact) =>
        StartMilliseconds + (exact ?? (_stepMilliseconds + replica.SkewMilliseconds));

    /// <summary>Writes one change at a replica.</summary>
    public void Write(ScenarioReplica replica, long? exact, string? label, Action<ITransaction> body)
    {
        var change = replica.Write(ClockOf(replica, exact), body);
        Keep(replica, change);
        if (label is not null && change is not null)
        {
            Labels[label] = change.Dot;
        }
    }

    /// <summary>Gives a replica everything that another one has.</summary>
    /// <returns>Whether any of it took effect.</returns>
    public bool Sync(ScenarioReplica from, ScenarioReplica to, long? exact)
    {
        if (from == to || GroupOf(from) != GroupOf(to))
        {
            return false;
        }

        var isChanged = to.Receive(from.RunsFor(to), ReceiverClock(to, exact));
        if (to.IsRestored)
        {
            to.IsRestored = false;
            isChanged |= from.Receive(to.RunsFor(from), ReceiverClock(from, exact));
        }

        return isChanged;
    }

    /// <summary>Gives a replica single changes.</summary>
    public void Deliver(ScenarioReplica to, IEnumerable<string> labels, long? exact)
    {
        foreach (var label in labels)
        {
            _ = to.Receive([Labeled(label).ToRun()], ReceiverClock(to, exact));
        }
    }

    /// <summary>What a fresh replica shows that got changes in this order, and then everything they depend on.</summary>
    public ScenarioState Replay(IReadOnlyList<string> labels)
    {
        using var fresh = new ScenarioReplica("fresh", new Ledgers.SimulatedSigner(default), static () => default, NewStore());
        fresh.Join(_space);
        Deliver(fresh, labels, null);
        var past = PastOf(labels.Select(Labeled));
        _ = fresh.Receive(_order.Where(written => past.Contains(written.Change.Dot)).Select(static written => written.ToRun()), FarFuture);
        return fresh.WaitingCount == 0
            ? ScenarioState.Read(fresh)
            : throw new InvalidOperationException($"{fresh.WaitingCount} changes never took effect although all that they depend on is there.");
    }

    /// <summary>Puts a copy of its files in place of those of a replica.</summary>
    public void PutBack(ScenarioReplica replica, StoreCopy copy)
    {
        KeepRunsOf(replica);
        replica.PutBack(copy);
    }

    /// <summary>A second replica with a copy of the files and the key of another.</summary>
    public void Clone(string from, string name)
    {
        var original = this[from];
        var clone = new ScenarioReplica(name, original.Identity, () => NextNonce(original.Author), NewStore());
        _replicas.Add(name, clone);
        clone.PutBack(original.Copy());
    }

    /// <summary>Empties a replica; it knows the space and its own role again, and nothing else.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="keepsIdentity">Whether its key stays; else it comes in as a new device.</param>
    public void Wipe(ScenarioReplica replica, bool keepsIdentity)
    {
        KeepRunsOf(replica);
        replica.PutBack(null);
        if (!keepsIdentity)
        {
            _ = _replicas.Remove(replica.Name);
            replica.Dispose();
            Enter(Add(replica.Name));
            return;
        }

        replica.Join(_space);
        _ = replica.Receive(_order.Take(2).Select(static written => written.ToRun()), FarFuture);
    }

    private void KeepRunsOf(ScenarioReplica replica)
    {
        foreach (var written in _order.Where(written => written.Author == replica))
        {
            written.Keep();
        }
    }

    private WrittenChange Labeled(string label) => Labels.TryGetValue(label, out var dot)
        ? _written[dot]
        : throw new ScenarioException($"No operation has the label '{label}'.");

    private HashSet<Dot> PastOf(IEnumerable<WrittenChange> changes)
    {
        var past = new HashSet<Dot>();
        var open = new Stack<Dot>(changes.Select(static written => written.Change.Dot));
        while (open.TryPop(out var dot))
        {
            if (!past.Add(dot))
            {
                continue;
            }

            foreach (var dep in _written[dot].Change.Deps)
            {
                open.Push(dep.Dot);
            }

            if (dot.Seq > 1)
            {
                open.Push(dot with { Seq = dot.Seq - 1 });
            }
        }

        return past;
    }

    private ScenarioReplica Add(string name)
    {
        var (signer, first) = _identities[_drawn++];
        IncarnationNonce? next = first;
        var replica = new ScenarioReplica(name, signer, Draw, NewStore());
        _replicas.Add(name, replica);
        return replica;

        IncarnationNonce Draw()
        {
            var nonce = next ?? NextNonce(signer.Author);
            next = null;
            return nonce;
        }
    }

    /// <summary>A nonce for another log of a replica, whose name sorts where its first one does.</summary>
    private IncarnationNonce NextNonce(AuthorKey author)
    {
        var logs = _identities.Select(static identity => LogId.Derive(identity.Signer.Author, identity.Nonce)).ToArray();
        var place = _identities.Index().First(identity => identity.Item.Signer.Author == author).Index;
        while (true)
        {
            var nonce = new IncarnationNonce((ulong)++_nonces);
            var log = LogId.Derive(author, nonce);
            if ((place == 0 || log.CompareTo(logs[place - 1]) > 0) && (place == logs.Length - 1 || log.CompareTo(logs[place + 1]) < 0))
            {
                return nonce;
            }
        }
    }

    /// <summary>Lets a replica learn of its role and open its log, so that its first step is a change like all others.</summary>
    private void Enter(ScenarioReplica replica)
    {
        replica.Join(_space);
        _ = replica.Receive(_order.Take(2).Select(static written => written.ToRun()), FarFuture);
        _ = replica.Write(FoundingMilliseconds, static _ => { });
        KeepFirst(replica);
    }

    private void KeepFirst(ScenarioReplica replica) => Keep(replica, replica.FirstOwnChange());

    private void Keep(ScenarioReplica author, Change? change)
    {
        if (change is not null)
        {
            var written = new WrittenChange(change, author);
            _written[change.Dot] = written;
            _order.Add(written);
        }
    }

    private ReplicaStore NewStore() => _folder is null
        ? new MemoryReplicaStore()
        : new SqliteReplicaStore(Path.Combine(_folder, $"replica-{_stores++}"));

    private long ReceiverClock(ScenarioReplica replica, long? exact) =>
        _policy == ClockPolicy.Bounded ? ClockOf(replica, exact) : FarFuture;

    /// <summary>Replicas in no group are together.</summary>
    private int GroupOf(ScenarioReplica replica) => Partition?.Index().FirstOrDefault(group => group.Item.Contains(replica.Name), (-1, [])).Index ?? 0;
}
