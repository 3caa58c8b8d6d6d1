using Replica.Crdt.Changes;

namespace Replica.Testing.Model;

/// <summary>A node or an edge as the model folds it.</summary>
/// <param name="Target">Which one.</param>
/// <param name="IsAlive">Whether a write on it is not erased.</param>
/// <param name="Type">The type register of a node.</param>
/// <param name="Vector">The vector register of a node, as bytes.</param>
/// <param name="Fields">All fields ever spoken of, ascending by the UTF-8 bytes of their names.</param>
public sealed record ModelElement(
    Target Target, bool IsAlive, ModelField Type, ModelField Vector, IReadOnlyList<KeyValuePair<string, ModelField>> Fields);
