using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>The wish for an invitation: <c>{"role":…,"uses":…,"expiresSeconds":…,"hints":[…]}</c>, each with its default.</summary>
internal static class InvitationJson
{
    private static readonly string[] s_names = ["role", "uses", "expiresSeconds", "hints"];

    /// <summary>Reads the body of the request.</summary>
    /// <exception cref="EncodingException">It is not of this form.</exception>
    public static InviteOptions Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        var options = new InviteOptions();
        var seen = 0;
        try
        {
            _ = reader.Read();
            StrictObject.Start(ref reader, "body");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                options = StrictObject.Name(ref reader, s_names, ref seen) switch
                {
                    "role" => options with { Role = MemberJson.RoleOf(StrictObject.Text(ref reader, "role")) },
                    "uses" => options with { Uses = (ulong)ReadNumber(ref reader, "uses", long.MaxValue) },
                    "expiresSeconds" => options with
                    {
                        Expires = TimeSpan.FromSeconds(ReadNumber(ref reader, "expiresSeconds", (long)InviteOptions.ExpiresMax.TotalSeconds)),
                    },
                    _ => options with { Hints = StrictObject.Texts(ref reader, "hints") },
                };
            }

            StrictObject.End(ref reader);
            return options;
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }
    }

    private static long ReadNumber(ref Utf8JsonReader reader, string name, long max) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 1 && number <= max
            ? number
            : throw new EncodingException($"'{name}' must be a whole number from 1 to {max}.");
}
