using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Writes down what a session asks for; the test answers by hand.</summary>
internal sealed class RecordedEffects : ISyncEffects
{
    public int QueuedBytes { get; set; }

    public long UnixMilliseconds { get; set; } = 1_700_000_000_000;

    public List<SyncMessage> Sent { get; } = [];

    public List<RunQuery> Reads { get; } = [];

    public List<PlaceQuery> Asked { get; } = [];

    public List<IReadOnlyList<SignedRun>> Batches { get; } = [];

    public List<(SyncTimer Timer, TimeSpan Delay)> Timers { get; } = [];

    public (SyncCloseReason Reason, string Text)? Closed { get; private set; }

    public static LogId Log(byte name) => new((UInt128)name);

    public static Position At(byte log, ulong seq) => new(Log(log), seq, seq == 0 ? default : new HeadPrefix(((UInt128)seq * 1000) + log));

    public static SignedRun Run(byte log, ulong baseSeq, int changes = 1, int bytes = 10) => new(
        Log(log), baseSeq, At(log, baseSeq).Head, [.. Enumerable.Range(0, changes).Select(_ => new ReadOnlyMemory<byte>(new byte[bytes]))], new(new byte[64]));

    public void Send(SyncMessage message) => Sent.Add(message);

    public void ReadRuns(RunQuery query) => Reads.Add(query);

    public void Locate(PlaceQuery query) => Asked.Add(query);

    public void Apply(IReadOnlyList<SignedRun> runs) => Batches.Add(runs);

    public void StartTimer(SyncTimer timer, TimeSpan delay) => Timers.Add((timer, delay));

    public void Close(SyncCloseReason reason, string text) => Closed = (reason, text);

    public SyncSession Meet(Position[] ours, Position[] theirs, SyncOptions? options = null)
    {
        var session = new SyncSession(this, options ?? new());
        session.Start(ours);
        Take(session, new SyncMessage.Have(theirs, false));
        return session;
    }

    /// <summary>Hands on a message and answers what the session then asks: each log has one branch, of its own name, and nothing forks.</summary>
    public void Take(SyncSession session, SyncMessage message)
    {
        session.OnMessage(message);
        while (Asked.Count > 0)
        {
            var query = Asked[0];
            Asked.RemoveAt(0);
            session.OnLocated(new(
                [.. query.Places.Select(static place => new FoundPlace(place, Branch(place.Log)))],
                new Dictionary<LogId, IReadOnlyList<IReadOnlyList<Position>>>()));
        }
    }

    public static BranchId Branch(LogId log) => new((int)log.Value);

    public static PagedRun Page(SignedRun run) => new(run, Branch(run.Log), At((byte)run.Log.Value, run.LastSeq).Head);
}
