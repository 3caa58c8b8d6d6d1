using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>Who writes a ledger, and how signatures are made and checked: real ones, or a simulation's.</summary>
internal abstract class LedgerIdentity
{
    /// <summary>The key of this device.</summary>
    public abstract AuthorKey Author { get; }

    /// <summary>Signs the head of a run of this device.</summary>
    /// <param name="space">The space; zero for the founding run.</param>
    /// <param name="end">Log, number and whole head.</param>
    /// <param name="head">The head.</param>
    public abstract SignatureBytes SignHead(SpaceId space, Dot end, ChainHead head);

    /// <summary>Checks the signature of a run's head.</summary>
    public abstract bool VerifyHead(AuthorKey author, SpaceId space, Dot end, ChainHead head, SignatureBytes signature);

    /// <summary>Checks the invitation key's signature in an <c>admit</c>.</summary>
    public abstract bool VerifyAdmit(SpaceId space, Operation.Admit admit);
}
