using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Histories;

/// <summary>A change of a random history with its place in its log's chain.</summary>
/// <param name="Change">The change.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Base">The chain head before it.</param>
/// <param name="Head">The chain head behind it.</param>
public sealed record HistoryChange(Change Change, AuthorKey Author, ChainHead Base, ChainHead Head);
