using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Exchange;

/// <summary>A durable run and where it stands here.</summary>
/// <param name="Run">The run.</param>
/// <param name="Branch">The branch of its log that holds it, by this replica's number.</param>
/// <param name="Head">The chain head behind it.</param>
public sealed record PagedRun(SignedRun Run, BranchId Branch, HeadPrefix Head)
{
    /// <summary>Where it ends.</summary>
    public Position End => new(Run.Log, Run.LastSeq, Head);
}
