using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Input;

/// <summary>Reads a passphrase from a file, from the input, or from the keyboard without showing it; never from the command line.</summary>
internal static class PassphraseInput
{
    /// <summary>The characters of the first line of a file (<c>-</c> is the input), or what is typed.</summary>
    /// <param name="file">The file; null to ask.</param>
    /// <param name="terminal">Where the question goes.</param>
    /// <param name="isNew">Whether it must be typed twice.</param>
    /// <returns>Characters that the caller wipes.</returns>
    /// <exception cref="UsageException">There is nobody to ask, or the two differ.</exception>
    public static char[] Read(string? file, Terminal terminal, bool isNew)
    {
        if (file is not null)
        {
            using var reader = file == "-"
                ? new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false))
                : new StreamReader(file, new UTF8Encoding(false));
            return (reader.ReadLine() ?? "").ToCharArray();
        }

        if (Console.IsInputRedirected || !terminal.ErrorIsScreen)
        {
            throw new UsageException("A passphrase is due and there is nobody to ask: give --passphrase-file FILE, or - for the input.");
        }

        var first = Ask(terminal, "Passphrase: ");
        if (!isNew)
        {
            return first;
        }

        var second = Ask(terminal, "Once more: ");
        var isSame = first.AsSpan().SequenceEqual(second);
        Wipe(second);
        if (!isSame)
        {
            Wipe(first);
            throw new UsageException("The two passphrases differ. Nothing was done.");
        }

        return first;
    }

    /// <summary>Overwrites what was read.</summary>
    public static void Wipe(char[] text) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));

    private static char[] Ask(Terminal terminal, string question)
    {
        terminal.Error.Write(question);
        var text = new List<char>();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.RemoveRange(Math.Max(0, text.Count - 1), Math.Min(1, text.Count));
            }
            else if (key.KeyChar != '\0')
            {
                text.Add(key.KeyChar);
            }
        }

        terminal.Error.Write('\n');
        return [.. text];
    }
}
