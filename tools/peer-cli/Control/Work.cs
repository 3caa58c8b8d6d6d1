using System.Text.Json;
using Replica.Peer.Host;

namespace Replica.PeerCli.Control;

/// <summary>A long work of the home, which tells how far it is line by line.</summary>
internal static class Work
{
    /// <summary>Follows it to its end.</summary>
    /// <param name="lines">The lines of the answer.</param>
    /// <param name="progress">Called with phase, done and total.</param>
    /// <param name="take">Called with every other line and its one property.</param>
    /// <exception cref="ReplicaException">The work ended with a problem.</exception>
    public static async Task FollowAsync(
        IAsyncEnumerable<string> lines, Action<string, long, long> progress, Action<string, JsonProperty> take)
    {
        await foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            foreach (var item in document.RootElement.EnumerateObject())
            {
                switch (item.Name)
                {
                    case "progress":
                        progress(Answer.Text(item.Value, "phase"), Answer.Number(item.Value, "done"), Answer.Number(item.Value, "total"));
                        break;
                    case "problem":
                        throw new ReplicaException(Answer.Text(item.Value, "code"), Answer.Text(item.Value, "detail"));
                    default:
                        take(line, item);
                        break;
                }
            }
        }
    }
}
