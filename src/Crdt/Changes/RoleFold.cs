using Replica.Crdt.Causality;

namespace Replica.Crdt.Changes;

/// <summary>Folds the operations on membership into roles, invitations and the format level. Mutable, one owner.</summary>
/// <remarks>
/// The role in a context is the lowest of the maximal role operations on the device that the context covers: under
/// concurrent promotion and demotion the lesser one holds. Roles depend on the past alone, never on time or arrival.
/// </remarks>
public sealed class RoleFold
{
    private readonly Dictionary<AuthorKey, List<RoleOperation>> _roles = [];
    private readonly List<(int Level, OperationContext At)> _raises = [];
    private readonly Dictionary<AuthorKey, InvitationRecord> _invitations = [];

    /// <summary>The invitations that admins spoke of, by public key.</summary>
    public IReadOnlyDictionary<AuthorKey, InvitationRecord> Invitations => _invitations;

    /// <summary>Every device that ever had a role.</summary>
    public IReadOnlyCollection<AuthorKey> Devices => _roles.Keys;

    /// <summary>The role of a device as an operation with this past sees it.</summary>
    public Role RoleIn(AuthorKey device, OperationContext past)
    {
        if (!_roles.TryGetValue(device, out var all))
        {
            return Role.None;
        }

        Role? lowest = null;
        foreach (var operation in all)
        {
            if (past.Covers(operation.At.Branch, operation.At.Seq, operation.At.Index)
                && !all.Exists(later => IsBetween(operation, later, past))
                && (lowest is null || operation.Role < lowest))
            {
                lowest = operation.Role;
            }
        }

        return lowest ?? Role.None;
    }

    /// <summary>The format level of an operation with this past: the highest raise by an admin in it, else 1.</summary>
    public int LevelIn(OperationContext past)
    {
        var level = 1;
        foreach (var (raised, at) in _raises)
        {
            level = raised > level && past.Covers(at.Branch, at.Seq, at.Index) ? raised : level;
        }

        return level;
    }

    /// <summary>Whether an <c>admit</c> may stand where it stands; if not, its change is invalid.</summary>
    /// <param name="admit">The operation.</param>
    /// <param name="author">The author of its change.</param>
    /// <param name="past">Its past.</param>
    /// <param name="verify">Checks the invitation key's signature over the device key.</param>
    public bool IsValid(Operation.Admit admit, AuthorKey author, OperationContext past, Func<Operation.Admit, bool> verify) =>
        RoleIn(author, past) >= Role.Writer
        && _invitations.TryGetValue(admit.Invitation, out var invitation)
        && invitation.Allows(admit.Role, past)
        && verify(admit);

    /// <summary>Takes an operation of an applied change; one that does not count changes nothing.</summary>
    /// <param name="operation">An operation on the space; an <c>admit</c> must be valid.</param>
    /// <param name="author">The author of its change.</param>
    /// <param name="at">Where it stands, with a context of its own that nobody changes any more.</param>
    public void Apply(Operation operation, AuthorKey author, OperationContext at)
    {
        switch (operation)
        {
            case Operation.Genesis:
                Add(author, Role.Admin, at);
                break;
            case Operation.Invite invite when IsAdmin(author, at):
                InvitationOf(invite.Invitation).Add(invite, at);
                break;
            case Operation.Cancel cancel when IsAdmin(author, at):
                InvitationOf(cancel.Invitation).AddCancel(at);
                break;
            case Operation.Admit admit:
                InvitationOf(admit.Invitation).AddAdmitted(admit.Device, admit.Name, author);
                Add(admit.Device, admit.Role, at);
                break;
            case Operation.Promote promote when IsAdmin(author, at):
                Add(promote.Device, promote.Role, at);
                break;
            case Operation.Raise raise when IsAdmin(author, at):
                _raises.Add((raise.Level, at));
                break;
            case Operation.Demote demote when IsAdmin(author, at):
                Add(demote.Device, demote.Role, at);
                break;
        }
    }

    private static bool IsBetween(RoleOperation earlier, RoleOperation later, OperationContext past) =>
        later.At.Covers(earlier.At.Branch, earlier.At.Seq, earlier.At.Index)
        && past.Covers(later.At.Branch, later.At.Seq, later.At.Index);

    private InvitationRecord InvitationOf(AuthorKey key)
    {
        if (!_invitations.TryGetValue(key, out var record))
        {
            _invitations.Add(key, record = new());
        }

        return record;
    }

    private bool IsAdmin(AuthorKey author, OperationContext at) => RoleIn(author, at) == Role.Admin;

    private void Add(AuthorKey device, Role role, OperationContext at)
    {
        if (!_roles.TryGetValue(device, out var operations))
        {
            _roles.Add(device, operations = []);
        }

        operations.Add(new(device, role, at));
    }
}
