using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary>The way all changes to membership go.</summary>
internal static class MemberChange
{
    /// <summary>Asks for a change and says what became of it.</summary>
    public static async Task PostAsync(
        Globals globals, ParseResult parse, string path, JsonObject wish, string named, string done, CancellationToken cancellationToken)
    {
        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var body = Encoding.UTF8.GetBytes(wish.ToJsonString());
        var answer = await home.Client.PostAsync(Paths.Of(globals.SpaceOf(parse), path), body, cancellationToken);
        if (globals.IsJson(parse))
        {
            globals.Terminal.JsonLine(answer);
            return;
        }

        using var document = JsonDocument.Parse(answer);
        var key = MemberText.Short(Answer.Text(document.RootElement, named));
        var dot = Answer.Text(document.RootElement, "dot");
        globals.Terminal.Line(dot.Length == 0 ? $"{key} is {done} already" : $"{key} is {done}: change {DotText.Short(dot)}");
    }
}
