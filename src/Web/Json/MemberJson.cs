using System.Buffers;
using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>Members and invitations as JSON, and the wishes to change them.</summary>
internal static class MemberJson
{
    private static readonly string[] s_roleNames = ["device", "role"];
    private static readonly string[] s_cancelNames = ["invitation"];

    /// <summary>Writes a member as one line.</summary>
    public static void Write(IBufferWriter<byte> output, MemberSnapshot member)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("device", member.Device);
        json.WriteString("name", member.Name);
        json.WriteString("role", StatusJson.NameOf(member.Role));
        json.WriteBoolean("own", member.IsOwn);
        if (member.Invitation is { } invitation)
        {
            json.WriteString("invitation", invitation);
            json.WriteString("sponsor", member.Sponsor);
            json.WriteBoolean("surplus", member.IsSurplus);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes an invitation as one line.</summary>
    public static void Write(IBufferWriter<byte> output, InvitationSnapshot invitation)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("invitation", invitation.Invitation);
        json.WriteString("state", NameOf(invitation.State));
        json.WriteString("role", StatusJson.NameOf(invitation.Role));
        json.WriteNumber("uses", invitation.Uses);
        json.WriteString("expires", invitation.Expires.UtcDateTime);
        json.WriteStartArray("admitted");
        foreach (var device in invitation.Admitted)
        {
            json.WriteStringValue(device);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a fresh invitation with its ticket.</summary>
    public static void Write(IBufferWriter<byte> output, IssuedInvitation issued)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("ticket", issued.Ticket);
        json.WriteString("invitation", issued.Invitation);
        json.WriteEndObject();
    }

    /// <summary>Reads <c>{"device":…,"role":…}</c>.</summary>
    /// <exception cref="EncodingException">It is not of this form.</exception>
    public static (string Device, Role Role) ReadRole(ReadOnlySpan<byte> body)
    {
        var texts = ReadTexts(body, s_roleNames);
        return (StrictObject.Due(texts[0], "device"), RoleOf(StrictObject.Due(texts[1], "role")));
    }

    /// <summary>Reads <c>{"invitation":…}</c>.</summary>
    /// <exception cref="EncodingException">It is not of this form.</exception>
    public static string ReadCancel(ReadOnlySpan<byte> body) => StrictObject.Due(ReadTexts(body, s_cancelNames)[0], "invitation");

    /// <summary>A role by its name.</summary>
    /// <exception cref="EncodingException">There is none of that name.</exception>
    public static Role RoleOf(string text) => text switch
    {
        "reader" => Role.Reader,
        "writer" => Role.Writer,
        "admin" => Role.Admin,
        _ => throw new EncodingException($"The role '{text}' is none of reader, writer, admin."),
    };

    private static string?[] ReadTexts(ReadOnlySpan<byte> body, string[] names)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        var texts = new string?[names.Length];
        var seen = 0;
        try
        {
            _ = reader.Read();
            StrictObject.Start(ref reader, "body");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = StrictObject.Name(ref reader, names, ref seen);
                texts[Array.IndexOf(names, name)] = StrictObject.Text(ref reader, $"value of '{name}'");
            }

            StrictObject.End(ref reader);
            return texts;
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }
    }

    private static string NameOf(InvitationState state) => state switch
    {
        InvitationState.Open => "open",
        InvitationState.Expired => "expired",
        InvitationState.UsedUp => "used-up",
        InvitationState.OverUsed => "over-used",
        _ => "cancelled",
    };
}
