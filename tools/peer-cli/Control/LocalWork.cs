using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Replica.Peer.Store.Integrity;
using Replica.PeerCli.Commands;
using Replica.PeerCli.Output;
using Replica.Web.Json;

namespace Replica.PeerCli.Control;

/// <summary>A long work that this process does itself, because no home can be open meanwhile; shown as those of the control API are.</summary>
internal static class LocalWork
{
    /// <summary>Runs it and shows what it tells.</summary>
    public static Task RunAsync(
        Globals globals, ParseResult parse, Func<double, string> rate, IAsyncEnumerable<IntegrityEvent> steps, Func<JsonProperty, string> text) =>
        WorkProgress.RunAsync(globals.Terminal, rate, progress => Work.FollowAsync(LinesAsync(steps), progress, (line, item) =>
        {
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(line);
            }
            else
            {
                globals.Terminal.Line(text(item));
            }
        }));

    /// <summary>What it tells, in the lines of the control API.</summary>
    public static async IAsyncEnumerable<string> LinesAsync(IAsyncEnumerable<IntegrityEvent> steps)
    {
        var line = new ArrayBufferWriter<byte>();
        await foreach (var step in steps)
        {
            line.ResetWrittenCount();
            IntegrityJson.Write(line, step);
            yield return Encoding.UTF8.GetString(line.WrittenSpan);
        }
    }
}
