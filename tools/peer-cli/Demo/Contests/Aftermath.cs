using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Demo.Peers;

namespace Replica.PeerCli.Demo.Contests;

/// <summary>The graph after all peers have met again, and the stamps that the edits were given.</summary>
/// <param name="peer">Any of the peers: all show the same.</param>
/// <param name="stamps">When each edit was made.</param>
internal sealed class Aftermath(DemoPeer peer, IReadOnlyDictionary<Edit, WriteStamp> stamps)
{
    private const int TextCharsMax = 60;

    /// <summary>A node; null if it does not show.</summary>
    public Task<Mutation.PutNode?> NodeAsync(string id, CancellationToken cancellationToken) => peer.NodeAsync(id, cancellationToken);

    /// <summary>An edge; null if it does not show.</summary>
    public Task<Mutation.LinkEdge?> EdgeAsync(Target.Edge edge, CancellationToken cancellationToken) => peer.EdgeAsync(edge, cancellationToken);

    /// <summary>Those of the edits that nobody's stamp is behind: one, unless two were made in the same moment.</summary>
    public IReadOnlyList<Edit> Last(IReadOnlyList<Edit> edits)
    {
        var last = edits.Max(edit => stamps[edit]);
        return [.. edits.Where(edit => stamps[edit] == last)];
    }

    /// <summary>A field as text, shortened.</summary>
    public static string Describe(string name, Value? value)
    {
        var text = value?.ToString() ?? "nothing";
        return $"{name} = {(text.Length > TextCharsMax ? text[..(TextCharsMax - 1)] + "…" : text)}";
    }

    /// <summary>The value of a field; null if there is none.</summary>
    public static Value? Field(IReadOnlyList<KeyValuePair<string, Value>> fields, string name)
    {
        foreach (var (field, value) in fields)
        {
            if (field == name)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Whether all of some fields are there with their values.</summary>
    public static bool HasAll(IReadOnlyList<KeyValuePair<string, Value>> shown, IEnumerable<KeyValuePair<string, Value>> due) =>
        due.All(field => Field(shown, field.Key) is { } value && value.Equals(field.Value));
}
