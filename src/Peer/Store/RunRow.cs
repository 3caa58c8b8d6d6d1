using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>A run as it rests in a store; its changes rest beside it.</summary>
/// <param name="FirstArrival">The arrival number of its first change; the others follow without a gap.</param>
/// <param name="Branch">The branch it belongs to.</param>
/// <param name="BaseSeq">The number of the change before it.</param>
/// <param name="LastSeq">The number of its last change.</param>
/// <param name="BaseHead">The head before it.</param>
/// <param name="Head">The head behind it.</param>
/// <param name="Signature">The author's signature of that head.</param>
/// <param name="Bytes">How many bytes its changes take.</param>
internal sealed record RunRow(
    long FirstArrival,
    BranchId Branch,
    ulong BaseSeq,
    ulong LastSeq,
    ChainHead BaseHead,
    ChainHead Head,
    SignatureBytes Signature,
    int Bytes);
