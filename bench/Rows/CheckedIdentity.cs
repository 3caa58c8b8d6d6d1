using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Bench.Rows;

/// <summary>Stands for signatures that were checked before: it signs with nothing and takes everything.</summary>
internal sealed class CheckedIdentity(AuthorKey author) : LedgerIdentity
{
    /// <inheritdoc/>
    public override AuthorKey Author => author;

    /// <inheritdoc/>
    public override SignatureBytes SignHead(SpaceId space, Dot end, ChainHead head) => new(new byte[64]);

    /// <inheritdoc/>
    public override bool VerifyHead(AuthorKey author, SpaceId space, Dot end, ChainHead head, SignatureBytes signature) => true;

    /// <inheritdoc/>
    public override bool VerifyAdmit(SpaceId space, Operation.Admit admit) => true;
}
