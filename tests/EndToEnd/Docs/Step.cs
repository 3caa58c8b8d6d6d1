using System.Text.RegularExpressions;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>One command of a page.</summary>
/// <param name="Machine">Where it is typed; empty for the page's first machine.</param>
/// <param name="Command">What is typed; it may have several lines.</param>
/// <param name="Output">What the page shows below it; null where the page shows no output at all.</param>
/// <param name="OutputFirst">Where the first line of the output stands on the page, from 0.</param>
internal sealed partial record Step(string Machine, string Command, IReadOnlyList<string>? Output, int OutputFirst)
{
    /// <summary>Whether it goes on while the next ones run.</summary>
    public bool IsInBackground => Command.EndsWith(" &", StringComparison.Ordinal);

    /// <summary>Whether it only looks, so that it may be asked again until what is on its way has come.</summary>
    public bool IsReading => Reading().IsMatch(Command);

    /// <summary>The commands of a block, in order.</summary>
    public static IEnumerable<Step> Of(PagePart.Block block) => block.Language switch
    {
        "console" => OfConsole(block),
        "sh" => OfScript(block),
        _ => [],
    };

    private static IEnumerable<Step> OfConsole(PagePart.Block block)
    {
        for (var i = 0; i < block.Lines.Count;)
        {
            var prompt = Prompt().Match(block.Lines[i]);
            if (!prompt.Success)
            {
                throw new InvalidDataException($"Line {block.First + i + 1}: a console block begins with '$ ' or 'NAME$ ', not with '{block.Lines[i]}'.");
            }

            var command = prompt.Groups[2].Value;
            for (i++; i < block.Lines.Count && block.Lines[i].StartsWith("> ", StringComparison.Ordinal); i++)
            {
                command += "\n" + block.Lines[i][2..];
            }

            var first = i;
            while (i < block.Lines.Count && !Prompt().IsMatch(block.Lines[i]))
            {
                i++;
            }

            yield return new(prompt.Groups[1].Value, command, [.. block.Lines.Skip(first).Take(i - first)], block.First + first);
        }
    }

    private static IEnumerable<Step> OfScript(PagePart.Block block)
    {
        var text = string.Join('\n', block.Lines);
        var commands = text.Contains("<<", StringComparison.Ordinal) ? [text] : text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        return commands.Where(static line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'))
            .Select(line => new Step("", line, null, block.First));
    }

    [GeneratedRegex(@"^([a-z]*)\$ (.*)$")]
    private static partial Regex Prompt();

    [GeneratedRegex(@"^(curl -s|replica (--(dir|space) \S+ )*(get|ls|edges|tree|status|peers|members|who|conflicts|log|history|presence|doctor)\b)")]
    private static partial Regex Reading();
}
