using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Sync;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>One end of a link between two real ledgers: what a session asks is done at once, in the order asked.</summary>
internal sealed class LedgerEnd : ISyncEffects
{
    private readonly SpaceLedger _ledger;
    private readonly IStoreEngine _engine;
    private readonly Queue<Action> _work;
    private readonly long _now;

    public LedgerEnd(SpaceLedger ledger, IStoreEngine engine, Queue<Action> work, long now)
    {
        (_ledger, _engine, _work, _now) = (ledger, engine, work, now);
        Session = new(this, new SyncOptions { PageBytes = 1, BatchBytes = 1 });
    }

    public SyncSession Session { get; }

    public LedgerEnd? Other { get; set; }

    public List<SyncMessage> Sent { get; } = [];

    public List<RunVerdict> Verdicts { get; } = [];

    public int QueuedBytes => 0;

    public long UnixMilliseconds => _now;

    public void Send(SyncMessage message)
    {
        Sent.Add(message);
        var output = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(output, message, isPacked: false);
        _work.Enqueue(() => Other!.Session.OnMessage(SyncMessageCodec.Read(output.WrittenMemory)));
    }

    public void ReadRuns(RunQuery query) => _work.Enqueue(() =>
    {
        using var reader = _engine.OpenReader();
        Session.OnRuns(reader.ReadRuns(query));
    });

    public void Locate(PlaceQuery query) => _work.Enqueue(() =>
    {
        _ledger.Begin();
        var report = _ledger.Places.Locate(query, _now);
        _ledger.Commit();
        Session.OnLocated(report);
    });

    public void Apply(IReadOnlyList<SignedRun> runs) => _work.Enqueue(() =>
    {
        _ledger.Begin();
        var results = RunBatch.Apply(_ledger, runs, () => _now);
        _ledger.Commit();
        Verdicts.AddRange(results.Select(static result => result.Verdict));
        Session.OnApplied(new(results, _ledger.Positions()));
    });

    public void StartTimer(SyncTimer timer, TimeSpan delay)
    {
    }

    public void Close(SyncCloseReason reason, string text) => throw new InvalidOperationException($"{reason}: {text}");
}
