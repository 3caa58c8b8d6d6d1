using System.Globalization;
using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>Members and invitations as people read them.</summary>
internal static class MemberText
{
    private const int KeyDigits = 16;

    /// <summary>The digits of a key that are shown: enough to name it by.</summary>
    public static string Short(string key) => key.Length > KeyDigits ? key[..KeyDigits] : key;

    /// <summary>A member as a row: name, role, device, let in by, and what there is to say of it.</summary>
    public static Cell[] MemberCells(string json)
    {
        using var document = JsonDocument.Parse(json);
        var member = document.RootElement;
        return
        [
            Cell.Name(Text(member, "name")), Text(member, "role"), Short(Text(member, "device")), Short(Text(member, "sponsor")),
            (Answer.Truth(member, "own") ? "this device" : "") + (Answer.Truth(member, "surplus")
                ? "one more than its invitation allows, let in by sponsors who could not see each other: demote whom you do not know" : ""),
        ];
    }

    /// <summary>An invitation as a row: its key, state, role, uses, end, and whom it let in.</summary>
    public static Cell[] InvitationCells(string json)
    {
        using var document = JsonDocument.Parse(json);
        var invitation = document.RootElement;
        var admitted = Answer.Items(invitation, "admitted").Select(static device => Short(SafeText.Of(device.GetString() ?? ""))).ToArray();
        var state = Text(invitation, "state");
        return
        [
            Cell.Name(Short(Text(invitation, "invitation"))),
            new(state, state == "open" ? static (paint, text) => paint.Good(text) : static (paint, text) => paint.Faint(text)),
            Text(invitation, "role"), string.Create(CultureInfo.InvariantCulture, $"{admitted.Length} of {Answer.Number(invitation, "uses")}"),
            $"{invitation.GetProperty("expires").GetDateTime():yyyy-MM-dd HH:mm}Z", string.Join(" ", admitted),
        ];
    }

    /// <summary>A member in one line.</summary>
    public static IEnumerable<string> Member(string json)
    {
        using var document = JsonDocument.Parse(json);
        var member = document.RootElement;
        var invitation = Text(member, "invitation");
        yield return $"{Short(Text(member, "device"))}  {Text(member, "role"),-6}  {Text(member, "name")}"
            + (Answer.Truth(member, "own") ? "  (this device)" : "")
            + (invitation.Length == 0 ? "" : $"  let in by {Short(Text(member, "sponsor"))}, invitation {Short(invitation)}");
        if (Answer.Truth(member, "surplus"))
        {
            yield return $"                  its invitation let in more devices than it may, by sponsors who could not see each other: "
                + "demote whom you do not know";
        }
    }

    /// <summary>An invitation in one line.</summary>
    public static IEnumerable<string> Invitation(string json)
    {
        using var document = JsonDocument.Parse(json);
        var invitation = document.RootElement;
        var expires = invitation.GetProperty("expires").GetDateTime();
        var admitted = Answer.Items(invitation, "admitted").Select(static device => Short(SafeText.Of(device.GetString() ?? ""))).ToArray();
        yield return $"{Short(Text(invitation, "invitation"))}  {Text(invitation, "state"),-9}  {Text(invitation, "role"),-6}  "
            + $"{admitted.Length.ToString(CultureInfo.InvariantCulture)} of {Answer.Number(invitation, "uses")} used  until {expires:yyyy-MM-dd HH:mm}Z"
            + (admitted.Length == 0 ? "" : $"  let in {string.Join(" ", admitted)}");
    }

    private static string Text(JsonElement element, string name) => SafeText.Of(Answer.Text(element, name));
}
