using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Replica.Tests.Properties.House;

/// <summary>Which types a compiled assembly really uses, in signatures and in method bodies.</summary>
/// <remarks>The text of a file does not tell: a folder sees its parent's types without a <c>using</c> line.</remarks>
internal static class TypeUses
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly FrozenDictionary<short, OpCode> s_opCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    /// <summary>Pairs of outermost types: the one that uses, the one that is used.</summary>
    public static IReadOnlySet<(Type User, Type Used)> In(Assembly assembly)
    {
        var pairs = new HashSet<(Type, Type)>();
        foreach (var type in assembly.GetTypes())
        {
            var user = Outermost(type);
            foreach (var used in Of(type).SelectMany(Parts).Select(Outermost).Where(used => used != user))
            {
                pairs.Add((user, used));
            }
        }

        return pairs;
    }

    private static IEnumerable<Type?> Of(Type type)
    {
        IEnumerable<Type?> own = [type.BaseType, .. type.GetInterfaces(), .. Attributes(type)];
        var fields = type.GetFields(Declared).SelectMany(field => (Type?[])[field.FieldType, .. Attributes(field)]);
        var bounds = type.GetGenericArguments().Where(argument => argument.IsGenericParameter)
            .SelectMany(argument => argument.GetGenericParameterConstraints());
        MethodBase[] methods = [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];
        return [.. own, .. fields, .. bounds, .. methods.SelectMany(OfMethod)];
    }

    private static IEnumerable<Type?> OfMethod(MethodBase method)
    {
        var signature = method.GetParameters().Select(parameter => parameter.ParameterType)
            .Append((method as MethodInfo)?.ReturnType).Concat(Attributes(method));
        var body = method.GetMethodBody();
        return body is null
            ? signature
            : [.. signature, .. body.LocalVariables.Select(local => local.LocalType), .. Caught(body), .. OfBody(method, body)];
    }

    private static IEnumerable<Type?> Caught(MethodBody body) => body.ExceptionHandlingClauses
        .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType);

    private static IEnumerable<Type> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().Select(attribute => attribute.AttributeType);

    private static IEnumerable<Type?> OfBody(MethodBase method, MethodBody body)
    {
        var code = body.GetILAsByteArray() ?? [];
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethodDefinition ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            var opCode = code[at] == 0xFE
                ? s_opCodes[unchecked((short)(0xFE00 | code[at + 1]))]
                : s_opCodes[code[at]];
            at += opCode.Size;
            if (opCode.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
            {
                var token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
                foreach (var used in OfMember(method.Module.ResolveMember(token, typeArguments, methodArguments)!))
                {
                    yield return used;
                }
            }

            at += OperandSize(opCode.OperandType, code.AsSpan(at));
        }
    }

    private static IEnumerable<Type?> OfMember(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodInfo method => [method.DeclaringType, method.ReturnType, .. method.GetGenericArguments()],
        _ => [member.DeclaringType],
    };

    private static int OperandSize(OperandType operand, ReadOnlySpan<byte> rest) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(rest)),
        _ => 4,
    };

    private static IEnumerable<Type> Parts(Type? type)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter || type.IsFunctionPointer)
        {
            return [];
        }

        return type.IsConstructedGenericType
            ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
            : [type];
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
