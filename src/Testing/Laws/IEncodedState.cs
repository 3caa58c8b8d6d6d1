using Replica.Crdt.Causality;

namespace Replica.Testing.Laws;

/// <summary>A type whose states are kept as bytes.</summary>
/// <typeparam name="TState">What a replica keeps.</typeparam>
public interface IEncodedState<TState>
{
    /// <summary>The one form of a state.</summary>
    byte[] Encode(TState state, ICausalView view);

    /// <summary>Reads a state back; what follows is applied to it as to the one that was encoded.</summary>
    TState Decode(byte[] bytes);
}
