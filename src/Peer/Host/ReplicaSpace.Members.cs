using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>Who is in the space and who may come in.</summary>
public sealed partial class ReplicaSpace
{
    /// <summary>The most hex digits by which a device or an invitation is named: all of them.</summary>
    private const int KeyDigits = 2 * Bytes32.Size;

    /// <summary>All devices that were ever let in, this one first, then by name and key.</summary>
    public async Task<IReadOnlyList<MemberSnapshot>> ListMembersAsync(CancellationToken cancellationToken = default)
    {
        var members = await Faults.TranslateAsync(_space.Store.QueryAsync(ReadMembers, cancellationToken));
        return [.. members.OrderByDescending(static member => member.IsOwn)
            .ThenBy(static member => member.Name, Utf8Order.Instance).ThenBy(static member => member.Device, StringComparer.Ordinal)];
    }

    /// <summary>All invitations that admins made, the last to expire first.</summary>
    public async Task<IReadOnlyList<InvitationSnapshot>> ListInvitationsAsync(CancellationToken cancellationToken = default)
    {
        var now = _home.Time.GetUtcNow();
        var invitations = await Faults.TranslateAsync(_space.Store.QueryAsync(
            ledger => ledger.Roles.Invitations.Where(static pair => pair.Value.Invites.Count > 0)
                .Select(pair => ToSnapshot(pair.Key, pair.Value, now)).ToArray(),
            cancellationToken));
        return [.. invitations.OrderByDescending(static one => one.Expires).ThenBy(static one => one.Invitation, StringComparer.Ordinal)];
    }

    /// <summary>Takes an invitation back: sponsors who know of this let nobody in by it any more.</summary>
    /// <param name="invitation">Its public key in hex, or the first digits of it.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer.</param>
    /// <returns>The public key, and the change.</returns>
    /// <exception cref="ReplicaException">There is none, there are several, or this device is no admin (<c>REPLICA_NOT_ADMIN</c>).</exception>
    public async Task<(string Invitation, ChangeReceipt Change)> CancelInvitationAsync(
        string invitation, CancellationToken cancellationToken = default)
    {
        await _home.AwaitPeersAsync(_space, cancellationToken);
        var (key, change) = await Faults.TranslateAsync(_space.Store.WriteAsync(
            transaction =>
            {
                RequireAdmin(transaction, "cancel an invitation");
                var known = transaction.Roles.Invitations.Where(static pair => pair.Value.Invites.Count > 0).Select(static pair => pair.Key);
                var found = Find(known, invitation, "invitation");
                if (!transaction.Roles.Invitations[found].IsCancelled)
                {
                    transaction.Add(Target.Space.Instance, new Operation.Cancel(found));
                }

                return found;
            },
            cancellationToken));
        return (key.ToString(), new(change?.Dot, change?.Time ?? default, change is null ? 0 : 1));
    }

    /// <summary>Gives a device a greater role, also one that was demoted before.</summary>
    /// <param name="device">Its device key in hex, or the first digits of it.</param>
    /// <param name="role">The role that it is to have.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer.</param>
    /// <returns>The device key, and the change; without a dot if it has the role already.</returns>
    /// <exception cref="ReplicaException">There is no such device, its role is greater, or this device is no admin (<c>REPLICA_NOT_ADMIN</c>).</exception>
    public Task<(string Device, ChangeReceipt Change)> PromoteAsync(string device, Role role, CancellationToken cancellationToken = default) =>
        SetRoleAsync(device, role, isPromotion: true, cancellationToken);

    /// <summary>
    /// Gives a device a lesser role. What it wrote without knowing of that stays, and what it goes on to write without knowing
    /// is taken everywhere: the demotion binds those changes alone that have it in their past.
    /// </summary>
    /// <param name="device">Its device key in hex, or the first digits of it.</param>
    /// <param name="role">The role that it is to have.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer.</param>
    /// <returns>The device key, and the change; without a dot if it has the role already.</returns>
    /// <exception cref="ReplicaException">
    /// There is no such device, its role is lesser, it is the only admin (<c>REPLICA_LAST_ADMIN</c>), or this device is no admin.
    /// </exception>
    public Task<(string Device, ChangeReceipt Change)> DemoteAsync(string device, Role role, CancellationToken cancellationToken = default) =>
        SetRoleAsync(device, role, isPromotion: false, cancellationToken);

    private async Task<(string Device, ChangeReceipt Change)> SetRoleAsync(
        string device, Role role, bool isPromotion, CancellationToken cancellationToken)
    {
        await _home.AwaitPeersAsync(_space, cancellationToken);
        var (key, change) = await Faults.TranslateAsync(_space.Store.WriteAsync(
            transaction =>
            {
                RequireAdmin(transaction, isPromotion ? "promote a device" : "demote a device");
                var found = Find(transaction.Roles.Devices, device, "device");
                var present = transaction.Roles.RoleIn(found, transaction.Past);
                if (present == role)
                {
                    return found;
                }

                if (present < role != isPromotion)
                {
                    throw new ReplicaException("REPLICA_INVALID", $"The device is {NameOf(present)}: "
                        + $"'{(isPromotion ? "demote" : "promote")}' makes it {NameOf(role)}.");
                }

                if (present == Role.Admin && !transaction.Roles.Devices.Any(
                    other => other != found && transaction.Roles.RoleIn(other, transaction.Past) == Role.Admin))
                {
                    throw new ReplicaException("REPLICA_LAST_ADMIN",
                        "The device is the only admin, and nobody could invite or promote any more: promote another one first.");
                }

                transaction.Add(Target.Space.Instance, isPromotion ? new Operation.Promote(found, role) : new Operation.Demote(found, role));
                return found;
            },
            cancellationToken));
        return (key.ToString(), new(change?.Dot, change?.Time ?? default, change is null ? 0 : 1));
    }

    private static MemberSnapshot[] ReadMembers(SpaceLedger ledger)
    {
        var names = new Dictionary<AuthorKey, string>();
        foreach (var log in ledger.Logs.Where(static log => log.Seq > 0))
        {
            names[log.Author] = log.Name;
        }

        var admissions = new Dictionary<AuthorKey, (AuthorKey Invitation, string Name, AuthorKey Sponsor, bool IsSurplus)>();
        foreach (var (key, invitation) in ledger.Roles.Invitations)
        {
            foreach (var (device, name, sponsor) in invitation.Admissions)
            {
                admissions[device] = (key, name, sponsor, IsOverUsed(invitation));
            }
        }

        return [.. ledger.Roles.Devices.Select(device =>
        {
            (AuthorKey Invitation, string Name, AuthorKey Sponsor, bool IsSurplus)? found =
                admissions.TryGetValue(device, out var admission) ? admission : null;
            return new MemberSnapshot(
                device.ToString(),
                names.GetValueOrDefault(device) ?? found?.Name ?? "",
                ledger.RoleOf(device),
                device == ledger.Identity.Author,
                found?.Invitation.ToString(),
                found?.Sponsor.ToString(),
                found?.IsSurplus ?? false);
        })];
    }

    private static InvitationSnapshot ToSnapshot(AuthorKey key, InvitationRecord invitation, DateTimeOffset now)
    {
        var invite = invitation.Invites[0].Invite;
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(
            (long)Math.Min(invite.ExpiresUnixMilliseconds, (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        var state = invitation.IsCancelled ? InvitationState.Cancelled
            : IsOverUsed(invitation) ? InvitationState.OverUsed
            : (ulong)invitation.Admitted.Count >= invite.Uses ? InvitationState.UsedUp
            : now >= expires ? InvitationState.Expired
            : InvitationState.Open;
        return new(
            key.ToString(), invite.Role, invite.Uses, expires, state,
            [.. invitation.Admitted.Select(static device => device.ToString()).Order(StringComparer.Ordinal)]);
    }

    private static bool IsOverUsed(InvitationRecord invitation) =>
        invitation.Invites.Count > 0 && (ulong)invitation.Admitted.Count > invitation.Invites.Max(static made => made.Invite.Uses);

    private static void RequireAdmin(ITransaction transaction, string what)
    {
        if (transaction.Roles.RoleIn(transaction.Author, transaction.Past) != Role.Admin)
        {
            throw new ReplicaException("REPLICA_NOT_ADMIN", $"Only an admin may {what}: ask one, or ask to be promoted.");
        }
    }

    private static AuthorKey Find(IEnumerable<AuthorKey> keys, string digits, string what)
    {
        if (digits.Length is 0 or > KeyDigits || !digits.All(char.IsAsciiHexDigit))
        {
            throw new ReplicaException("REPLICA_INVALID", $"'{digits}' names no {what}: give its key, up to {KeyDigits} hex digits, or the first of them.");
        }

        return keys.Where(key => key.ToString().StartsWith(digits, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray() switch
        {
            [var only] => only,
            [] => throw new ReplicaException("REPLICA_NOT_FOUND", $"No {what} of this space begins with '{digits}': list them."),
            _ => throw new ReplicaException("REPLICA_AMBIGUOUS", $"More than one {what} begins with '{digits}': give more digits."),
        };
    }

    private static string NameOf(Role role) => role switch
    {
        Role.Admin => "an admin",
        Role.Writer => "a writer",
        Role.Reader => "a reader",
        _ => "no member",
    };
}
