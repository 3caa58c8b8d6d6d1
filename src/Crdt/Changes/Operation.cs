using Replica.Crdt.Causality;
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

    /// <summary>Makes the element, or keeps it: a write without content. On an edge it is the link.</summary>
    public sealed record Create : Operation;

    /// <summary>Deletes the element, unless a write it has not seen contests it.</summary>
    public sealed record Delete : Operation;

    /// <summary>Sets the type of a node.</summary>
    /// <param name="Type">0 to 256 UTF-8 bytes; the empty type is that of a node without one.</param>
    public sealed record SetType(string Type) : Operation;

    /// <summary>Sets a register field.</summary>
    /// <param name="Field">The field's name, 0 to 256 UTF-8 bytes.</param>
    /// <param name="Value">Its value.</param>
    public sealed record SetField(string Field, Value Value) : Operation;

    /// <summary>Removes a field.</summary>
    /// <param name="Field">The field's name.</param>
    public sealed record RemoveField(string Field) : Operation;

    /// <summary>An advisory operation this build doesn't know: kept, forwarded, without effect.</summary>
    /// <param name="Code">Its number, 128 to 255.</param>
    public sealed record Advisory(int Code) : Operation;
}
