using Replica.Crdt.Causality;

namespace Replica.Testing.Laws;

/// <summary>A merge type as the laws see it: how it begins, what is done to it, how operations are applied, what shows.</summary>
/// <remarks>
/// Laws for types that also merge whole states, are encoded, or have a slow model are checked where the description
/// implements <see cref="IMergedType{TState}"/>, <see cref="IEncodedState{TState}"/>,
/// <see cref="IEncodedOperation{TOperation}"/> or <see cref="IModelledType{TOperation}"/> too.
/// </remarks>
/// <typeparam name="TState">What a replica keeps; may be mutable, the suite never shares one.</typeparam>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
public interface IReplicatedType<TState, TOperation>
{
    /// <summary>In which orders, and how often, operations may arrive.</summary>
    LegalDelivery Delivery { get; }

    /// <summary>The state before any operation.</summary>
    TState Create();

    /// <summary>Something that a replica in this state may do. It is applied right after, at this replica too.</summary>
    /// <param name="chance">The only source of chance.</param>
    /// <param name="state">What the replica has; not to be changed.</param>
    /// <param name="view">Answers about the logs of stamps.</param>
    TOperation Draw(Chance chance, TState state, ICausalView view);

    /// <summary>Applies one operation.</summary>
    /// <param name="state">The state before; may be changed and returned.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="stamp">Its stamp: unique, and after those of all operations that happen before it.</param>
    /// <param name="view">Answers what happens before it.</param>
    /// <returns>The state after it.</returns>
    TState Apply(TState state, TOperation operation, Stamp stamp, ICausalView view);

    /// <summary>All that shows, as text. Equal states must give equal texts, others different ones.</summary>
    string Observe(TState state, ICausalView view);
}
