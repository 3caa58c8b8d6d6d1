namespace Replica.Testing.Laws;

/// <summary>A type whose whole states can be merged.</summary>
/// <typeparam name="TState">What a replica keeps.</typeparam>
public interface IMergedType<TState>
{
    /// <summary>Joins two states: all that either has taken in.</summary>
    /// <param name="into">May be changed and returned.</param>
    /// <param name="from">Not to be changed.</param>
    TState Merge(TState into, TState from);
}
