namespace Replica.Crdt.Changes;

/// <summary>A change holds a binding operation this build doesn't know: it must wait for a newer version.</summary>
/// <param name="opcode">The operation's number.</param>
/// <param name="change">What could be read of the change; not to be applied.</param>
public sealed class UnknownOperationException(int opcode, Change change)
    : Exception($"The change holds the operation {opcode}, which this version doesn't know: install a newer version to take it.")
{
    /// <summary>The operation's number.</summary>
    public int Opcode { get; } = opcode;

    /// <summary>What could be read of the change, for its header and number; not to be applied.</summary>
    public Change Change { get; } = change;
}
