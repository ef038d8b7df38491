<%@ page contentType="text/plain;charset=UTF-8" isErrorPage="true" session="false" trimDirectiveWhitespaces="true" %>
failed: <%= exception.getMessage() %>
