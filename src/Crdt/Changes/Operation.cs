using Replica.Crdt.Causality;
using Replica.Crdt.Tree;
using Replica.Crdt.Values;

namespace Replica.Crdt.Changes;

/// <summary>One operation of a change. The set of kinds is closed; its numbers are in <see cref="Opcode"/>.</summary>
public abstract record Operation
{
    private Operation()
    {
    }

    /// <summary>Opens a log; operation 0 of its first change and nowhere else.</summary>
    /// <param name="Author">The device that writes the log.</param>
    /// <param name="Nonce">What tells its incarnations apart; with the key it gives the name of the log.</param>
    /// <param name="Name">A display name, 0 to 256 UTF-8 bytes.</param>
    public sealed record Header(AuthorKey Author, IncarnationNonce Nonce, string Name) : Operation;

    /// <summary>Founds a space; operation 1 of the first log. The hash of its change is the space's name.</summary>
    public sealed record Genesis : Operation;

    /// <summary>Makes an invitation; by an admin.</summary>
    /// <param name="Invitation">The public key of the invitation, which names it.</param>
    /// <param name="Role">The role it gives: reader to admin.</param>
    /// <param name="Uses">How many devices may come in with it, from 1.</param>
    /// <param name="ExpiresUnixMilliseconds">When it ends; binds honest sponsors only.</param>
    public sealed record Invite(AuthorKey Invitation, Role Role, ulong Uses, ulong ExpiresUnixMilliseconds) : Operation;

    /// <summary>Takes an invitation back; by an admin.</summary>
    /// <param name="Invitation">The public key of the invitation.</param>
    public sealed record Cancel(AuthorKey Invitation) : Operation;

    /// <summary>Lets a device in; by a writer or admin, the sponsor.</summary>
    /// <param name="Invitation">The public key of the invitation.</param>
    /// <param name="Device">The device let in.</param>
    /// <param name="Role">The invitation's role.</param>
    /// <param name="Name">A display name, 0 to 256 UTF-8 bytes.</param>
    /// <param name="Signature">The invitation key's signature over the device key, 64 bytes.</param>
    public sealed record Admit(AuthorKey Invitation, AuthorKey Device, Role Role, string Name, SignatureBytes Signature) : Operation;

    /// <summary>Gives a device a role; by an admin.</summary>
    /// <param name="Device">The device.</param>
    /// <param name="Role">Its role from here on.</param>
    public sealed record Promote(AuthorKey Device, Role Role) : Operation;

    /// <summary>Gives a device a lesser role; by an admin. Changes it makes concurrently still count.</summary>
    /// <param name="Device">The device.</param>
    /// <param name="Role">Its role from here on.</param>
    public sealed record Demote(AuthorKey Device, Role Role) : Operation;

    /// <summary>Says how many edges of a relation one node shows; the last in stamp order of the maximal ones holds.</summary>
    /// <param name="Relation">The relation, 0 to 256 UTF-8 bytes.</param>
    /// <param name="Cardinality">How many.</param>
    public sealed record Declare(string Relation, Cardinality Cardinality) : Operation;

    /// <summary>Raises the format level for what follows; by an admin. It is never lowered.</summary>
    /// <param name="Level">From 1.</param>
    public sealed record Raise(int Level) : Operation;

    /// <summary>Makes the element, or keeps it: a write without content. On an edge it is the link.</summary>
    public sealed record Create : Operation;

    /// <summary>Deletes the element, unless a write it has not seen contests it.</summary>
    public sealed record Delete : Operation;

    /// <summary>Sets the type of a node.</summary>
    /// <param name="Type">0 to 256 UTF-8 bytes; the empty type is that of a node without one.</param>
    public sealed record SetType(string Type) : Operation;

    /// <summary>Sets the vector of a node, or removes it, which is no write: it keeps no node.</summary>
    /// <param name="Vector">The numbers; nothing for a removal.</param>
    public sealed record SetVector(VectorBytes? Vector) : Operation;

    /// <summary>Sets a register field.</summary>
    /// <param name="Field">The field's name, 0 to 256 UTF-8 bytes.</param>
    /// <param name="Value">Its value.</param>
    public sealed record SetField(string Field, Value Value) : Operation;

    /// <summary>Removes a field: all that its author sees under the name, of every kind.</summary>
    /// <param name="Field">The field's name.</param>
    public sealed record RemoveField(string Field) : Operation;

    /// <summary>Sets a counter field.</summary>
    /// <param name="Field">The field's name.</param>
    /// <param name="Value">Its value; what was added to another value counts no more.</param>
    public sealed record SetCounter(string Field, long Value) : Operation;

    /// <summary>Adds to a counter field; sums wrap around at 64 bits.</summary>
    /// <param name="Field">The field's name.</param>
    /// <param name="Delta">What is added; may be negative.</param>
    /// <param name="Base">
    /// The set that the author adds to: the last in stamp order of the maximal ones that it knows; nothing if it knows none.
    /// </param>
    public sealed record AddCounter(string Field, long Delta, OperationPlace? Base) : Operation;

    /// <summary>Puts a value into a set field.</summary>
    /// <param name="Field">The field's name.</param>
    /// <param name="Value">The value; the set has it once.</param>
    public sealed record AddToSet(string Field, Value Value) : Operation;

    /// <summary>Takes a value out of a set field: the additions that its author has seen.</summary>
    /// <param name="Field">The field's name.</param>
    /// <param name="Value">The value.</param>
    public sealed record RemoveFromSet(string Field, Value Value) : Operation;

    /// <summary>Places a node in the tree; a write on the node, also where the tree skips it.</summary>
    /// <param name="Parent">The id of the node above it; nothing for the top.</param>
    /// <param name="Position">Its place among its siblings.</param>
    public sealed record Move(string? Parent, TreePosition Position) : Operation;

    /// <summary>An operation this build doesn't know. An advisory one is kept, forwarded, without effect.</summary>
    /// <param name="Code">Its number: 128 to 255; below that it binds, and its change waits or is refused.</param>
    public sealed record Advisory(int Code) : Operation;
}
