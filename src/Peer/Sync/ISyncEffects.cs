using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>
/// What a <see cref="SyncSession"/> asks of the world: the peer carries it out, the simulator and tests imitate it.
/// No member may call back into the session before it returned.
/// </summary>
internal interface ISyncEffects
{
    /// <summary>Bytes of this channel that wait to go out.</summary>
    int QueuedBytes { get; }

    /// <summary>The wall clock, Unix milliseconds: only for when to ask again, never for what is right.</summary>
    long UnixMilliseconds { get; }

    /// <summary>Sends one message, in order.</summary>
    void Send(SyncMessage message);

    /// <summary>Reads a page of durable runs; answered by <see cref="SyncSession.OnRuns"/>. At most one is outstanding.</summary>
    void ReadRuns(RunQuery query);

    /// <summary>Finds places that the peer spoke of; answered by <see cref="SyncSession.OnLocated"/>. At most one is outstanding.</summary>
    void Locate(PlaceQuery query);

    /// <summary>Applies runs in order; answered by <see cref="SyncSession.OnApplied"/>. At most one is outstanding.</summary>
    void Apply(IReadOnlyList<SignedRun> runs);

    /// <summary>Asks for one <see cref="SyncSession.OnTimer"/> after the delay, instead of one that was asked for before.</summary>
    void StartTimer(SyncTimer timer, TimeSpan delay);

    /// <summary>Ends the channel; the session takes no further input and has no further effect.</summary>
    /// <param name="reason">The cause.</param>
    /// <param name="text">What happened, for the log; at most 256 characters go to the peer.</param>
    void Close(SyncCloseReason reason, string text);
}
