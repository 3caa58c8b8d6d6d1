using System.CommandLine;
using System.Globalization;
using Replica.Crdt.Values;
using Replica.PeerCli.Load;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev write N</c>: writes N changes and says of each when it is acknowledged. For crash tests.</summary>
internal static class WriteCommand
{
    private const int SizeDefault = 64;

    // A text's own length prefix takes up to five bytes of what a value may have.
    private const int SizeMax = ValueLimits.ValueBytesMax - 5;

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var count = new Argument<int>("N") { Description = "How many changes, 1 to 100000000" };
        count.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 1 and <= 100_000_000))
            {
                result.AddError($"'{result.Tokens[0].Value}' is not a whole number from 1 to 100000000.");
            }
        });
        var size = Globals.Count("--size", $"Bytes of payload in each change; {SizeDefault} if not given, at most {SizeMax}", SizeMax);
        var command = new Command(
            "write",
            "Write N changes one after another; print 'ack n' as soon as change n is acknowledged. Change n makes the node write/RUN/n")
        {
            count,
            size,
        };
        command.SetAction((parse, cancellationToken) =>
            WriteAsync(globals, parse, parse.GetValue(count), parse.GetValue(size) ?? SizeDefault, cancellationToken));
        return command;
    }

    private static async Task WriteAsync(Globals globals, ParseResult parse, int count, int size, CancellationToken cancellationToken)
    {
        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var writer = await LoadWriter.StartAsync(home.Client, globals.SpaceOf(parse), cancellationToken);
        if (!globals.IsJson(parse))
        {
            globals.Terminal.Remark($"writing {writer.NodeOf(1)} to {writer.NodeOf(count)}");
        }

        for (var n = 1; n <= count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var receipt = await writer.WriteAsync(n, size);
            globals.Terminal.Line(globals.IsJson(parse)
                ? string.Create(CultureInfo.InvariantCulture, $"{{\"ack\":{n},\"node\":\"{writer.NodeOf(n)}\",\"receipt\":{receipt}}}")
                : string.Create(CultureInfo.InvariantCulture, $"ack {n}"));
            await globals.Terminal.FlushAsync();
        }
    }
}
