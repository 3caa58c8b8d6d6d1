using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Store.Tree;

namespace Replica.Web.Json;

/// <summary>
/// Moves in a transaction: <c>{"move":{"id":…,"parent":id or null,"after":sibling or null}}</c>, <c>after</c> being null for
/// the first place and left out for the last; and <c>{"respace":{"parent":id or null}}</c>.
/// </summary>
internal static class MoveJson
{
    private static readonly string[] s_move = ["id", "parent", "after"];
    private static readonly string[] s_respace = ["parent"];

    /// <summary>Writes a move up to its last part.</summary>
    public static void Write(CanonicalJson json, Mutation.MoveNode move)
    {
        json.Raw("{\"move\":{\"id\":"u8);
        json.Text(move.Id);
        json.Raw(",\"parent\":"u8);
        TreeJson.WriteParent(json, move.Parent);
        if (move.Place is not MovePlace.Last)
        {
            json.Raw(",\"after\":"u8);
            TreeJson.WriteParent(json, (move.Place as MovePlace.After)?.Sibling);
        }
    }

    /// <summary>Writes the spacing anew up to its last part.</summary>
    public static void Write(CanonicalJson json, Mutation.Respace respace)
    {
        json.Raw("{\"respace\":{\"parent\":"u8);
        TreeJson.WriteParent(json, respace.Parent);
    }

    /// <summary>Reads a move.</summary>
    public static Mutation.MoveNode ReadMove(ref Utf8JsonReader reader)
    {
        string? id = null, parent = null;
        MovePlace place = new MovePlace.Last();
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (StrictObject.Name(ref reader, s_move, ref seen))
            {
                case "id":
                    id = StrictObject.Text(ref reader, "id");
                    break;
                case "parent":
                    parent = TextOrNull(ref reader, "parent");
                    break;
                default:
                    place = TextOrNull(ref reader, "sibling in 'after'") is { } sibling ? new MovePlace.After(sibling) : new MovePlace.First();
                    break;
            }
        }

        return new(StrictObject.Due(id, "id"), parent, place);
    }

    /// <summary>Reads the spacing anew.</summary>
    public static Mutation.Respace ReadRespace(ref Utf8JsonReader reader)
    {
        string? parent = null;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _ = StrictObject.Name(ref reader, s_respace, ref seen);
            parent = TextOrNull(ref reader, "parent");
        }

        return new(parent);
    }

    /// <summary>Reads the pair of an imported line: the node goes behind all that are under the parent by then.</summary>
    public static Mutation.MoveNode ReadPair(ref Utf8JsonReader reader)
    {
        var parts = new List<string?>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                parts.Add(TextOrNull(ref reader, "parent"));
            }
        }

        return parts is [{ } id, var parent]
            ? new(id, parent, new MovePlace.Last())
            : throw new EncodingException("A move is [node, parent], the parent null for the top.");
    }

    private static string? TextOrNull(ref Utf8JsonReader reader, string what) =>
        reader.TokenType == JsonTokenType.Null ? null : StrictObject.Text(ref reader, what);
}
