using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;

namespace Replica.Testing.World;

/// <summary>A member of the space that keeps to no rule but that of signing with its own key.</summary>
internal sealed class Liar(SimulatedWorld world, int number, LedgerIdentity identity)
{
    private const int LiesMax = 30;
    private const int LyingMilliseconds = 3_000;
    private const ulong TenYearsMilliseconds = 315_360_000_000;

    private readonly List<SignedRun> _runs = [];
    private readonly IncarnationNonce _nonce = new(world.Chance.Next());
    private Position _founder;
    private HybridTimestamp _time;
    private ChainHead _head;
    private ChainHead _closed;
    private ulong _seq;

    public AuthorKey Author => identity.Author;

    public int Number => number;

    /// <summary>What it means to do on its next connection.</summary>
    public (bool IsPoisoner, Chance Chance) Intent { get; private set; }

    private LogId Log => LogId.Derive(Author, _nonce);

    /// <summary>Takes where in the founder's log it was let in.</summary>
    public void Learn(Position founder, HybridTimestamp time)
    {
        _founder = founder;
        _time = time;
    }

    /// <summary>Connects to a peer and does its worst.</summary>
    public void Meet(SimulatedPeer peer, bool isPoisoner, Chance chance)
    {
        Intent = (isPoisoner, chance);
        world.Links.CutAll(number);
        Connect(peer.Number, chance);
        for (var left = isPoisoner ? 0 : chance.Between(4, LiesMax); left > 0; left--)
        {
            world.Time.After(1 + chance.Below(LyingMilliseconds), () => Lie(peer.Number, chance));
        }
    }

    /// <summary>Signs two histories of its log, and shows one to each of two peers.</summary>
    public void Equivocate(SimulatedPeer peer, SimulatedPeer other, Chance chance)
    {
        world.Counts.Count(SimulationFault.Equivocation);
        if (_seq == 0)
        {
            Begin(chance);
        }

        var (seq, head, closed, time, count) = (_seq, _head, _closed, _time, _runs.Count);
        Close(Good(chance));
        SignedRun[] first = [.. _runs];
        (_seq, _head, _closed, _time) = (seq, head, closed, time);
        _runs.RemoveRange(count, _runs.Count - count);
        Close(Good(chance));
        world.Trace(() => $"the liar writes two changes {seq + 1} of {Log.ToString()[..8]}");
        Show(peer, first, chance);
        SignedRun[] second = [.. _runs];
        world.Time.After(1 + chance.Below(2_000), () => Show(other, second, chance));
    }

    private void Begin(Chance chance) =>
        Close([Next([_founder], [new(Target.Space.Instance, [new Operation.Header(Author, _nonce, "liar")])]), .. Good(chance)]);

    private void Show(SimulatedPeer peer, SignedRun[] runs, Chance chance)
    {
        if (!world.IsOver && peer.IsRunning)
        {
            Intent = (false, chance);
            world.Links.CutAll(number);
            Connect(peer.Number, chance);
            world.Time.After(500, () => End(peer.Number)?.Show(runs));
        }
    }

    /// <summary>Its log so far, with more of it: good changes, one that nobody can take, and good ones behind it.</summary>
    public IReadOnlyList<SignedRun> WriteMore(Chance chance)
    {
        if (_seq == 0)
        {
            Begin(chance);
        }

        Close([.. Good(chance), Poison(chance)]);
        Close(Good(chance));
        return _runs;
    }

    /// <summary>Tells one lie; who was cut off for the last one comes again.</summary>
    private void Lie(int peer, Chance chance)
    {
        if (world.IsOver)
        {
            return;
        }

        if (End(peer) is not { } end)
        {
            Connect(peer, chance);
            end = End(peer);
        }

        end?.Lie();
    }

    private void Connect(int peer, Chance chance)
    {
        var (first, second) = chance.Percent(50) ? (number, peer) : (peer, number);
        world.Links.Connect(first, second);
    }

    private LiarEnd? End(int peer) =>
        world.Links.All.FirstOrDefault(link => link.Joins(number, peer))?.End(number) as LiarEnd;

    private byte[][] Good(Chance chance) =>
        [.. Enumerable.Range(0, chance.Between(1, 2)).Select(_ => Next([], [Write(chance)]))];

    private static OperationGroup Write(Chance chance) =>
        new(new Target.Node("n0"), [new Operation.SetField("f0", Value.From(chance.Below(100)))]);

    private byte[] Poison(Chance chance)
    {
        var deps = Array.Empty<Position>();
        switch (chance.Below(7))
        {
            case 0:
                return Keep([.. Encode(deps, [Write(chance)]), 0xC0]);
            case 1:
                return Keep(chance.Bytes(chance.Between(1, 64)));
            case 2:
                _time = new(_time.Value - 1_000_000);
                return Next(deps, [Write(chance)]);
            case 3:
                _seq++;
                var far = Encode(deps, [Write(chance)]);
                _seq--;
                return Keep(far);
            case 4:
                _time = HybridTimestamp.FromUnixMilliseconds(_time.UnixMilliseconds + (long)TenYearsMilliseconds);
                return Next(deps, [Write(chance)]);
            case 5:
                var admit = new Operation.Admit(Author, Author, Role.Admin, "x", new(chance.Bytes(SignatureBytes.Size)));
                return Next(deps, [new(Target.Space.Instance, [admit])]);
            default:
                return Next([new(new(chance.Next()), 1, new(chance.Next()))], [Write(chance)]);
        }
    }

    private byte[] Next(Position[] deps, OperationGroup[] groups) => Keep(Encode(deps, groups));

    private byte[] Encode(Position[] deps, OperationGroup[] groups)
    {
        _time = new(Math.Max(_time.Value + 1, HybridTimestamp.FromUnixMilliseconds(world.Time.Now).Value));
        return ChangeCodec.Encode(new(Log, _seq + 1), _time, deps, groups).Bytes.ToArray();
    }

    private byte[] Keep(byte[] bytes)
    {
        _head = _head.Append(Change.Hash(bytes));
        _seq++;
        return bytes;
    }

    private void Close(byte[][] changes)
    {
        var last = _runs.Count == 0 ? 0UL : _runs[^1].LastSeq;
        var head = _closed;
        _closed = _head;
        _runs.Add(new(
            Log,
            last,
            head.Prefix,
            [.. changes.Select(static bytes => new ReadOnlyMemory<byte>(bytes))],
            identity.SignHead(world.Space, new(Log, _seq), _head)));
    }
}
